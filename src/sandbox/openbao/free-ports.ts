import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { FailureError } from "../../lib/failure.ts";

/** PortRange is where ports are looked for: `to` is not one of them. Below 32768, where the kernel takes none by itself. */
export type PortRange = { readonly from: number; readonly to: number };

/*
 * Below the range from which the kernel takes ports for outgoing connections (32768 on Linux, 49152 elsewhere): a node that
 * was killed needs its port again, and there nobody takes it by accident in between.
 */
const USUAL: PortRange = { from: 10_000, to: 12_000 };
const ATTEMPTS = 200;

/** Finds `count` different TCP ports of a range of 127.0.0.1 on which nothing listens now. */
export async function findFreePorts(count: number, { from, to } = USUAL): Promise<number[]> {
  const found = new Set<number>();
  for (let attempt = 0; found.size < count; attempt++) {
    if (attempt >= ATTEMPTS + count) throw noPorts(count);
    const port = randomInt(from, to);
    if (!found.has(port) && (await isFreePort(port))) found.add(port);
  }
  return [...found];
}

/** Whether a server could listen on this port of 127.0.0.1 now. */
export async function isFreePort(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

function noPorts(count: number): FailureError {
  return new FailureError({
    reason: "refused",
    retryable: true,
    message: `cannot find ${count} free ports on 127.0.0.1: ${ATTEMPTS} tries failed; see what listens with "ss -ltn"`,
  });
}
