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
  const open = new Set<Socket>();
  const busy = new Set<Socket>();
  let draining = false;
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  server.on("request", ({ socket }, response) => {
    busy.add(socket);
    response.once("close", () => {
      busy.delete(socket);
      if (draining) socket.destroySoon();
    });
  });
  return {
    drain: () => {
      draining = true;
      for (const socket of open) if (!busy.has(socket)) socket.destroySoon();
    },
  };
}
