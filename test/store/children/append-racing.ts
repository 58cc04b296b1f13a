/*
 * A child process of races.contract.ts: for each number that it reads, appends one event to a run that it expects to have so many, and prints
 * whether it won. Says `ready` first. `node append-racing.ts <place> <run> <who>`.
 */
import { createInterface } from "node:readline";
import { ConcurrencyError } from "../../../src/lib/concurrency-error.ts";
import { summary } from "../run-fixtures.ts";
import { openPlace } from "./place.ts";

const [runId = "", who = ""] = process.argv.slice(3);
const store = await openPlace();
process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  const event = { type: "Said" as const, at: Number(line), text: who, by: undefined };
  try {
    await store.runs.append(runId, Number(line), [event], summary());
    process.stdout.write("won\n");
  } catch (error) {
    if (!(error instanceof ConcurrencyError)) throw error;
    process.stdout.write("lost\n");
  }
}
await store.close();
