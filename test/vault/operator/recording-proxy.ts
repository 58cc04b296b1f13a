import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request that went through, with what was answered. */
export type Exchange = {
  readonly node: string;
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  readonly statusCode: number;
  readonly answer: string;
};

/** What a proxy answers by itself instead of passing a request on; undefined: it passes it on. */
export type Lie = (
  method: string,
  path: string,
) => { readonly statusCode: number; readonly body?: unknown } | undefined;

/** RecordingProxy stands before one node, keeps everything that is said, and can lie. */
export type RecordingProxy = AsyncDisposable & { readonly address: string };

/** What a proxy tells its test, and is told by it. */
export type ProxyWorld = { readonly exchanges: Exchange[]; lie: Lie };

/** Starts a proxy to an HTTP address on a free loopback port. */
export async function startRecordingProxy(node: string, target: string, world: ProxyWorld): Promise<RecordingProxy> {
  const server = createServer((incoming, outgoing) => {
    const path = (incoming.url ?? "").replace("/v1/", "");
    const lie = world.lie(incoming.method ?? "", path);
    const tell = (statusCode: number, answer: string): void => {
      const token = incoming.headers["x-vault-token"];
      const { method = "" } = incoming;
      world.exchanges.push({ node, method, path, token: token?.toString(), statusCode, answer });
    };
    if (lie === undefined) {
      forward(target, incoming, outgoing, tell);
      return;
    }
    incoming.resume();
    const body = lie.body === undefined ? "" : JSON.stringify(lie.body);
    outgoing.writeHead(lie.statusCode, { "content-type": "application/json" }).end(body);
    tell(lie.statusCode, body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function forward(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  tell: (statusCode: number, answer: string) => void,
): void {
  const options = { method: incoming.method, headers: incoming.headers, agent: false as const };
  const onward = request(target + (incoming.url ?? ""), options, (answer) => {
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => chunks.push(chunk));
    answer.on("end", () => {
      const body = Buffer.concat(chunks);
      tell(answer.statusCode ?? 0, body.toString("utf8"));
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(body);
    });
    answer.on("error", () => outgoing.destroy());
  });
  onward.on("error", () => outgoing.destroy());
  outgoing.on("close", () => onward.destroy());
  incoming.pipe(onward);
}
