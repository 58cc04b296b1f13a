import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Something that takes audit entries over a Unix socket, until it stops reading. */
export type AuditCollector = AsyncDisposable & {
  /** The device for the configuration of every node. */
  readonly stanza: string;
  /** Stops reading: the server's writes block as soon as the kernel holds no more. */
  readonly stall: () => void;
  readonly goOn: () => void;
  /** How many bytes it has read. */
  readonly bytes: () => number;
};

/** Starts a collector of audit entries. */
export async function startAuditCollector(): Promise<AuditCollector> {
  const directory = await temporaryDirectory();
  const path = join(directory.path, "audit.sock");
  const sockets = new Set<Socket>();
  let stalled = false;
  let bytes = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("data", ({ length }) => void (bytes += length));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    if (stalled) socket.pause();
  });
  server.listen(path);
  await once(server, "listening");
  return {
    // The server waits that long for a write before it gives the device up.
    stanza: `audit "socket" "shipper" {\n  options {\n    address = "${path}"\n    socket_type = "unix"\n    write_timeout = "120s"\n  }\n}`,
    stall: () => {
      stalled = true;
      for (const socket of sockets) socket.pause();
    },
    goOn: () => {
      stalled = false;
      for (const socket of sockets) socket.resume();
    },
    bytes: () => bytes,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await waitFor("the collector's end", async () => (server.listening ? undefined : true), { timeoutMs: 5000 });
      await directory[Symbol.asyncDispose]();
    },
  };
}
