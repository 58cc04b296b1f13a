#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Before anything else is loaded: from the second start on, types need not be stripped and nothing is compiled again.
enableCompileCache();
const { main } = await import("./cli/main.ts");
const { createTerminal } = await import("./cli/io.ts");

const interrupted = new AbortController();
process.once("SIGINT", () => interrupted.abort());
// The one place where the environment comes in; it is handed on as an argument.
const code = await main(process.argv.slice(2), {
  io: createTerminal(),
  env: process.env,
  signal: interrupted.signal,
});
// Explicitly: socket-mode leaves a 30 s timer behind when a socket breaks while it closes.
process.exit(code);
