/*
 * A child process of races.contract.ts: appends batches of three to a run until it is killed, and prints the run's version after each that was
 * acknowledged. Each event's `at` is its place in the run. `node append-forever.ts <place> <run>`.
 */
import { summary } from "../run-fixtures.ts";
import { openPlace } from "./place.ts";

const [runId = ""] = process.argv.slice(3);
const store = await openPlace();
let version = (await store.runs.read(runId)).length;
for (;;) {
  const events = [1, 2, 3].map((part) => ({
    type: "Said" as const,
    at: version + part,
    text: `${version}/${part}`,
    by: undefined,
  }));
  await store.runs.append(runId, version, events, summary());
  version += events.length;
  process.stdout.write(`${version}\n`);
}
