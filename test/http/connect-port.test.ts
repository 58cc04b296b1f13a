import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { createConnectPort } from "../../src/http/connect-port.ts";

const connectPort = createConnectPort({ now: () => 0 });
const options = { signal: new AbortController().signal, timeoutMs: 20_000 };

describe("connectPort", () => {
  it("connects, sends nothing and closes", async () => {
    const got: Buffer[] = [];
    const closed = Promise.withResolvers<void>();
    const server = createServer((socket) => {
      socket.on("data", (bytes) => got.push(bytes));
      socket.on("error", () => {});
      socket.on("close", () => closed.resolve());
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;

    expect(await connectPort(`127.0.0.1:${port}`, options)).toEqual({ reached: true, milliseconds: 0, failure: "" });

    await closed.promise;
    expect(got).toEqual([]);
    server.close();
  });

  it.each([
    { name: "nothing listens", address: "127.0.0.1:1", failure: "nothing listens there (connection refused)" },
    { name: "nothing listens, in IPv6 or without it", address: "[::1]:1", failure: expect.any(String) },
    { name: "it is no address", address: "no address", failure: "the address cannot be read" },
    { name: "it is empty", address: "", failure: "the address cannot be read" },
  ])("says why not when $name", async ({ address, failure }) => {
    expect(await connectPort(address, options)).toMatchObject({ reached: false, failure });
  });

  it("gives up at its time, and throws when the caller does", async () => {
    const over = { signal: options.signal, timeoutMs: 0 };
    // Reserved for documentation: nobody answers there, if it is routed at all.
    expect(await connectPort("192.0.2.1:8201", over)).toMatchObject({ reached: false });
    const gaveUp = connectPort("127.0.0.1:1", { ...options, signal: AbortSignal.abort() });
    await expect(gaveUp).rejects.toMatchObject({ reason: "aborted" });
  });
});
