/*
 * A child process of walk-lock.test.ts: for each time that it reads, tries to take the lock for a minute, and prints the epoch that it got, or
 * `refused`. Says `ready` first. `node lock-racing.ts <file>`.
 */
import { createInterface } from "node:readline";
import { openSqliteStore } from "../../../src/store/sqlite/open.ts";

const store = openSqliteStore({ path: process.argv[2] ?? "" });
process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) {
  const hold = await store.walkLock.acquire("prod", { at: Number(line), ttlMs: 60_000 });
  process.stdout.write(`${hold?.epoch ?? "refused"}\n`);
}
store.close();
