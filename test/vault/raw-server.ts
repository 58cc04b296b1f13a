import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came over the wire. */
export type ReceivedRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** A server on loopback that answers as a test says, and keeps what it got. */
export type RawServer = AsyncDisposable & { readonly address: string; readonly received: readonly ReceivedRequest[] };

type Handler = (response: ServerResponse, request: ReceivedRequest) => void;

/** Starts a server on a free loopback port; `create` makes it a TLS one. */
export async function startRawServer(
  handle: Handler,
  create: (listener: (request: IncomingMessage, response: ServerResponse) => void) => Server = createServer,
  scheme = "http",
): Promise<RawServer> {
  const received: ReceivedRequest[] = [];
  const server = create((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "", url = "", headers } = incoming;
      const request = { method, url, headers, body: Buffer.concat(chunks).toString("utf8") };
      received.push(request);
      handle(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `${scheme}://127.0.0.1:${port}`,
    received,
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

/** Answers with JSON. */
export function json(statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Handler {
  return (response) => {
    response.writeHead(statusCode, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}
