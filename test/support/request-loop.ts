import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { RequestLoop } from "./request-loop-process.ts";

/** A client in a process of its own, so that what it takes is not taken from the program that is tested. */
export type RunningLoop = AsyncDisposable & {
  /** Every status that it was answered with so far, each once. */
  readonly statuses: () => readonly number[];
  readonly stop: () => Promise<void>;
};

/** Starts a client that asks the same again and again, over plain HTTP. It ends with this process. */
export function startRequestLoop(settings: RequestLoop): RunningLoop {
  const file = fileURLToPath(new URL("request-loop-process.ts", import.meta.url));
  const child = spawn(process.execPath, [file], { stdio: ["pipe", "pipe", "inherit"] });
  let told = "";
  child.stdout.on("data", (bytes: Buffer) => void (told += String(bytes)));
  const ended = once(child, "exit");
  // Not as an argument: the token would be seen by everybody on the machine.
  child.stdin.write(JSON.stringify(settings));
  const stop = async (): Promise<void> => {
    child.stdin.destroy();
    child.kill("SIGKILL");
    await ended;
  };
  return {
    statuses: () => told.split("\n").filter(Boolean).map(Number),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
