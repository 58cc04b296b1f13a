import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Dispatcher } from "undici";
import { createDispatcher } from "../../src/vault/dispatcher.ts";
import { readNodeTls } from "../../src/vault/node-tls.ts";
import { openStream, send, type WireRequest } from "../../src/wire/send.ts";

/** A frozen node: the kernel accepts the connection, and nobody speaks TLS. */
describe("a call to a node that accepts and says nothing", () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on("error", () => {})));
  let dispatcher: Dispatcher;
  let request: WireRequest;

  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const tls = readNodeTls({ name: "vault-0", address }, {});
    // Far longer than the test may take: what ends the call is not the end of the connecting.
    dispatcher = createDispatcher({ tls, connectMs: 600_000 });
    request = { method: "GET", url: `${address}/v1/sys/health`, headers: {}, timeoutMs: 600_000, maxBytes: 1000 };
  });

  afterAll(async () => {
    await dispatcher.destroy();
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it.each([
    { name: "an answer", call: send },
    { name: "a stream", call: openStream },
  ])("ends at its own time while the connection is being made, for $name", async ({ call }) => {
    await expect(call(dispatcher, { ...request, timeoutMs: 30 })).rejects.toMatchObject({ kind: "timeout" });
  });

  it("ends with the caller's signal while the connection is being made", async () => {
    const controller = new AbortController();
    const sent = send(dispatcher, { ...request, signal: controller.signal });
    controller.abort();

    await expect(sent).rejects.toMatchObject({ kind: "aborted" });
  });
});
