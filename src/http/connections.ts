import type { Server } from "node:http";
import type { Socket } from "node:net";

/** Connections knows which connections of a server carry a request right now. */
export type Connections = {
  /** Ends every connection without a request, and from then on each one when its request is answered. */
  readonly drain: () => void;
};

/**
 * Watches the connections of a server. `server.close` alone waits for those that a browser opened in advance and never used, and for those
 * that a client keeps for its next request.
 */
export function watchConnections(server: Server): Connections {
  const open = new Map<string, Socket>();
  const busy = new Set<string>();
  let draining = false;
  server.on("connection", (socket: Socket) => {
    const client = clientOf(socket);
    open.set(client, socket);
    socket.once("close", () => open.delete(client));
  });
  server.on("request", ({ socket }, response) => {
    const client = clientOf(socket);
    busy.add(client);
    response.once("close", () => {
      busy.delete(client);
      if (draining) socket.destroySoon();
    });
  });
  return {
    drain: () => {
      draining = true;
      for (const [client, socket] of open) if (!busy.has(client)) socket.destroySoon();
    },
  };
}

/** With TLS a request has another socket than the connection under it; both have the client's address and port. */
function clientOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
