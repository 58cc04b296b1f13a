/*
 * A child process of crash.test.ts: for each number that it reads, appends one event to a run that it expects to have so many, and prints whether
 * it won. Says `ready` first. `node append-racing.ts <file> <run> <who>`.
 */
import { createInterface } from "node:readline";
import { ConcurrencyError } from "../../../src/lib/concurrency-error.ts";
import { openSqliteStore } from "../../../src/store/sqlite/open.ts";

const [path = "", runId = "", who = ""] = process.argv.slice(2);
const store = openSqliteStore({ path });
process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  try {
    await store.runs.append(runId, Number(line), [{ type: "Said", at: Number(line), text: who, by: undefined }]);
    process.stdout.write("won\n");
  } catch (error) {
    if (!(error instanceof ConcurrencyError)) throw error;
    process.stdout.write("lost\n");
  }
}
store.close();
