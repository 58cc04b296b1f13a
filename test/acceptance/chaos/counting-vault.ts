import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What happens to whoever makes a changing call: it is carried out and answered, or the caller dies before or after the effect. */
export type CallFate = "answered" | "caller-dies-before" | "caller-dies-after";

/** A stand-in for Vault that keeps which peers are there, and counts every changing call that reached it. */
export type CountingVault = AsyncDisposable & {
  readonly url: string;
  /** How often each peer's removal arrived. */
  readonly arrived: ReadonlyMap<string, number>;
  /** Lets the next calls have another fate; `kill` is told the holder that is to die. */
  decide: (peer: string) => CallFate;
  kill: (holder: string) => void;
};

/** Starts the stand-in on a free port of 127.0.0.1. Every peer is there until its removal arrived and took effect. */
export async function startCountingVault(): Promise<CountingVault> {
  const arrived = new Map<string, number>();
  const removed = new Set<string>();
  const server = createServer((request, response) => {
    const peer = (request.url ?? "").replace("/peers/", "");
    if (request.method === "GET") return answer(response, { present: !removed.has(peer) });
    arrived.set(peer, (arrived.get(peer) ?? 0) + 1);
    const fate = vault.decide(peer);
    const holder = String(request.headers["x-holder"]);
    if (fate === "caller-dies-before") return vault.kill(holder);
    removed.add(peer);
    if (fate === "caller-dies-after") return vault.kill(holder);
    return answer(response, {});
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const vault: CountingVault = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived,
    decide: () => "answered",
    kill: () => {},
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
  return vault;
}

function answer(response: ServerResponse, body: object): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}
