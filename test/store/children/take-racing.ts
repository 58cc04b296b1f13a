/*
 * A child process of races.contract.ts: for each id that it reads, asks the inbox whether it is the first, and prints `first` or `taken`. Says
 * `ready` first. `node take-racing.ts <place>`.
 */
import { createInterface } from "node:readline";
import { openPlace } from "./place.ts";

const store = await openPlace();
process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write((await store.inbox.first(line, 1)) ? "first\n" : "taken\n");
await store.close();
