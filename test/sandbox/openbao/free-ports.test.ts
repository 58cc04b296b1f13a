import { describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { createServer } from "node:net";
import { findFreePorts, isFreePort } from "../../../src/sandbox/openbao/free-ports.ts";

describe("findFreePorts", () => {
  it("gives different ports outside the range of outgoing connections", async () => {
    const ports = await findFreePorts(20);
    expect(new Set(ports).size).toBe(20);
    expect(ports.every((port) => port >= 10_000 && port < 12_000)).toBe(true);
    const elsewhere = await findFreePorts(20, { from: 12_000, to: 12_100 });
    expect(elsewhere.every((port) => port >= 12_000 && port < 12_100)).toBe(true);
  });

  it("gives ports on which a server can listen, and calls them taken while one does", async () => {
    const [port = 0] = await findFreePorts(1);
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    expect(await isFreePort(port)).toBe(false);
    server.close();
    await once(server, "close");
    expect(await isFreePort(port)).toBe(true);
  });
});
