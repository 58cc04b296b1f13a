import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createRawServer, type AddressInfo, type Server, type Socket } from "node:net";

/** A server that misbehaves; `asked` counts its connections or requests. */
export type FaultServer = AsyncDisposable & { readonly endpoint: string; readonly asked: () => number };

/** What an S3 server says besides listings. */
export function errorBody(code: string, more = ""): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>told by the server</Message>${more}</Error>`;
}

/** Starts a server that answers every request so. */
export async function serveHttp(
  answer: (response: ServerResponse, request: IncomingMessage) => void,
): Promise<FaultServer> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    answer(response, request);
  });
  server.on("connection", (socket) => socket.on("error", () => undefined));
  return await listening(server, { scheme: "http", asked: () => asked, closeAll: () => server.closeAllConnections() });
}

/** Starts a TLS server with this certificate that answers 500. */
export async function serveTls(certificate: { readonly cert: string; readonly key: string }): Promise<FaultServer> {
  const server = createTlsServer(certificate, (_request, response) => void response.writeHead(500).end());
  server.on("tlsClientError", () => undefined);
  return await listening(server, { scheme: "https", asked: () => 0, closeAll: () => server.closeAllConnections() });
}

/** Starts a server that does this with every connection. */
export async function serveRaw(connected: (socket: Socket) => void): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  const server = createRawServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    connected(socket);
  });
  const closeAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return await listening(server, { scheme: "http", asked: () => sockets.size, closeAll });
}

type Running = Pick<FaultServer, "asked"> & { readonly scheme: "http" | "https"; readonly closeAll: () => void };

async function listening(server: Server, running: Running): Promise<FaultServer> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `${running.scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: running.asked,
    [Symbol.asyncDispose]: async () => {
      server.close();
      running.closeAll();
      await once(server, "close");
    },
  };
}
