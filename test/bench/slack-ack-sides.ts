import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A process that listens. */
export type Side = AsyncDisposable & {
  readonly url: string;
  /** The processor's time that it used since it began, in microseconds. */
  readonly cpuUs: () => Promise<number>;
};

const SIDE = fileURLToPath(new URL("slack-ack-side.ts", import.meta.url));

/** Starts one side of the bench; gives where it listens. */
export async function startSide(kind: "api" | "bare" | "ours", apiUrl = "", delayMs = 0): Promise<Side> {
  const child = fork(SIDE, [kind, apiUrl, String(delayMs)]);
  const died = once(child, "exit").then(() => Promise.reject(new Error(`the side ${kind} of the bench ended`)));
  const [url] = (await Promise.race([once(child, "message"), died])) as [string];
  return {
    url,
    cpuUs: async () => {
      const told = once(child, "message");
      child.send("cpu");
      const [microseconds] = (await told) as [number];
      return microseconds;
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, "exit");
      died.catch(() => {});
      child.send("end");
      await ended;
    },
  };
}
