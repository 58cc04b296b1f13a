import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Where a held call stands: the server behind the proxy never got it, or did it and the answer never came. */
export type HeldAt = "before" | "after";

/** HoldingProxy stands before one node and holds the calls to one path for ever, so that a process can be killed in the middle of it. */
export type HoldingProxy = AsyncDisposable & {
  readonly address: string;
  /** How many requests for the held path came in. */
  readonly held: () => number;
  /** From now on nothing is held. */
  readonly release: () => void;
};

/** Starts a proxy to an HTTP address on a free loopback port. */
export async function startHoldingProxy(target: string, path: string, at: HeldAt): Promise<HoldingProxy> {
  let holding = true;
  let held = 0;
  const server = createServer((incoming, outgoing) => {
    const isHeld = incoming.url === path;
    if (isHeld) held++;
    if (isHeld && holding && at === "before") incoming.resume();
    else forward(target, incoming, isHeld && holding ? undefined : outgoing);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    held: () => held,
    release: () => void (holding = false),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Passes a request on; without `outgoing` the answer is read and goes nowhere. */
function forward(target: string, incoming: IncomingMessage, outgoing: ServerResponse | undefined): void {
  const onward = request(
    target + (incoming.url ?? ""),
    { method: incoming.method, headers: incoming.headers },
    (answer) => {
      if (outgoing === undefined) {
        answer.resume();
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  onward.on("error", () => outgoing?.destroy());
  incoming.pipe(onward);
}
