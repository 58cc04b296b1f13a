/*
 * A child process of races.contract.ts: for each number that it reads, appends so many events to a run, each of which says at which place it stands
 * in `at`, and prints the place of the last. Says `ready` first. `node note-racing.ts <place> <run>`.
 */
import { createInterface } from "node:readline";
import { said, summary } from "../run-fixtures.ts";
import { openPlace } from "./place.ts";

const [runId = ""] = process.argv.slice(3);
const store = await openPlace();
let version = 0;
process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  for (let left = Number(line); left > 0; left -= 1) {
    await store.runs.append(runId, version, [said("one", version + 1)], summary());
    version += 1;
  }
  process.stdout.write(`${version}\n`);
}
await store.close();
