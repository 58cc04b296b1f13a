import { connect, isIP } from "node:net";
import type { ConnectPort } from "../actions/services.ts";
import type { Clock } from "../lib/clock.ts";
import { FailureError } from "../lib/failure.ts";

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there (connection refused)",
  ENOTFOUND: "the name does not resolve",
  EAI_AGAIN: "the name does not resolve",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no route to it",
};

/**
 * Makes the function that opens a TCP connection to `host:port` and closes it at once; nothing is sent. A connection that does not come up is
 * a result. Throws reason `aborted` when the signal ends.
 */
export function createConnectPort(clock: Clock): ConnectPort {
  return async (address, { signal, timeoutMs }) => {
    const beganAt = clock.now();
    const failure = await tryOnce(address, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    if (signal.aborted) throw aborted(address);
    return { reached: failure === "", milliseconds: Math.max(0, clock.now() - beganAt), failure };
  };
}

async function tryOnce(address: string, signal: AbortSignal): Promise<string> {
  const { hostname, port } = URL.parse(`tcp://${address}`) ?? { hostname: "", port: "" };
  if (hostname === "" || port === "") return "the address cannot be read";
  const bare = hostname.replaceAll(/^\[|\]$/gu, "");
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect({ host: isIP(bare) === 0 ? hostname : bare, port: Number(port) });
  const giveUp = (): void => resolve("no answer in time");
  signal.addEventListener("abort", giveUp, { once: true });
  if (signal.aborted) giveUp();
  socket.once("connect", () => resolve(""));
  socket.on("error", ({ code = "" }: NodeJS.ErrnoException) =>
    resolve(CAUSES[code] ?? `the connection failed (${code})`),
  );
  const failure = await promise;
  signal.removeEventListener("abort", giveUp);
  socket.destroy();
  return failure;
}

function aborted(address: string): FailureError {
  return new FailureError({
    reason: "aborted",
    retryable: true,
    message: `cannot connect to ${address}: the caller gave up; start it again when needed`,
  });
}
