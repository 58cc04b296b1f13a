/*
 * A child process of crash.test.ts: appends batches of three to a run until it is killed, and prints the run's version after each that was
 * acknowledged. `node append-forever.ts <file> <run>`.
 */
import { openSqliteStore } from "../../../src/store/sqlite/open.ts";

const [path = "", runId = ""] = process.argv.slice(2);
const store = openSqliteStore({ path });
let version = (await store.runs.read(runId)).length;
for (;;) {
  const events = [1, 2, 3].map((part) => ({
    type: "Said" as const,
    at: part,
    text: `${version}/${part}`,
    by: undefined,
  }));
  await store.runs.append(runId, version, events);
  version += events.length;
  process.stdout.write(`${version}\n`);
}
