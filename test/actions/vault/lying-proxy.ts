import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";

/** What a proxy does with the requests that it lies about. */
export type Lie = {
  readonly method: string;
  /** Of the path, with `/v1/` in front. */
  readonly path: RegExp;
  /** `204`: answered well, and never passed on. `cut`: the first half of the server's answer, and an honest end. */
  readonly answer: "204" | "cut";
};

/** LyingProxy stands before one node and passes everything on, but for what it was told to lie about. */
export type LyingProxy = AsyncDisposable & {
  readonly address: string;
  /** From now on lies like this; undefined: passes everything on. */
  readonly lie: (lie: Lie | undefined) => void;
  /** How many requests it lied about. */
  readonly lies: () => number;
};

/** Starts a proxy, without TLS, before a node with or without it, on a free loopback port. */
export async function startLyingProxy(target: string, ca: string): Promise<LyingProxy> {
  let current: Lie | undefined;
  let lies = 0;
  const server = createServer((incoming, outgoing) => {
    const lie = isMeant(current, incoming) ? current : undefined;
    if (lie !== undefined) lies++;
    if (lie?.answer === "204") {
      incoming.resume();
      outgoing.writeHead(204).end();
    } else forward({ target, ca, cut: lie?.answer === "cut" }, incoming, outgoing);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lie: (lie) => void (current = lie),
    lies: () => lies,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function isMeant(lie: Lie | undefined, { method, url = "" }: IncomingMessage): boolean {
  return lie !== undefined && method === lie.method && lie.path.test(url);
}

type Way = { readonly target: string; readonly ca: string; readonly cut: boolean };

function forward({ target, ca, cut }: Way, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const url = new URL(incoming.url ?? "/", target);
  const { host: _, ...headers } = incoming.headers;
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const onward = send(url, { method: incoming.method, headers, agent: false, ca }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    if (cut) void sendHalf(answer, outgoing);
    else answer.pipe(outgoing);
  });
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
}

async function sendHalf(answer: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = Buffer.concat(await Array.fromAsync(answer as AsyncIterable<Buffer>));
  outgoing.end(body.subarray(0, body.length / 2));
}
