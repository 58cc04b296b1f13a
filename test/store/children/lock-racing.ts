/*
 * A child process of races.contract.ts: for each time that it reads, tries to take a timed lock for an hour, and prints the epoch that it
 * got, or `refused`. Says `ready` first. `node lock-racing.ts <place>`.
 */
import { createInterface } from "node:readline";
import { openPlace } from "./place.ts";

const store = await openPlace();
process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  const hold = await store.timedLock.acquire("prod", { at: Number(line), ttlMs: 3_600_000 });
  process.stdout.write(`${hold?.epoch ?? "refused"}\n`);
}
await store.close();
