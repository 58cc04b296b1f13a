import { afterEach, describe, expect, it } from "@jest/globals";
import express from "express";
import type { WebConfig } from "../../src/config/web-config.ts";
import { startHttpServer, type HttpServer } from "../../src/http/server.ts";
import { Secret } from "../../src/lib/secret.ts";
import { HASH, PASSWORD } from "../config/web-files.ts";

const servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(async (server) => await server.close()));
});

const OPEN: WebConfig = {
  tls: undefined,
  headers: {},
  users: new Map(),
  rateLimit: undefined,
  asksForHttp2: false,
  files: [],
};
const users = new Map([["prometheus", new Secret(HASH)]]);

/** A server that says who it is on every path, behind the guard; `change` takes effect at the next request. */
async function start(parts: Partial<WebConfig>, clock = { now: () => 0 }) {
  let config: WebConfig = { ...OPEN, ...parts };
  const router = express.Router();
  router.use((_request, response) => void response.send("inside"));
  const access = { current: () => config, freshen: async () => {} };
  const server = await startHttpServer({ listen: "127.0.0.1:0", routers: [router], web: { access, clock } });
  servers.push(server);
  return { url: server.address, change: (changed: Partial<WebConfig>) => void (config = { ...config, ...changed }) };
}

const login = (user: string, password: string): RequestInit => ({
  headers: { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` },
});

describe("a server with users", () => {
  it("lets in who has the password", async () => {
    const { url } = await start({ users });

    for (const _twice of [1, 2]) {
      const response = await fetch(`${url}/metrics`, login("prometheus", PASSWORD));
      expect([response.status, await response.text()]).toEqual([200, "inside"]);
    }
  });

  it.each([
    { name: "nobody", init: {} },
    { name: "a wrong password", init: login("prometheus", "wrong") },
    { name: "no password", init: login("prometheus", "") },
    { name: "another user with the right password", init: login("grafana", PASSWORD) },
    { name: "the hash as the password", init: login("prometheus", HASH) },
    { name: "a bearer token", init: { headers: { Authorization: `Bearer ${PASSWORD}` } } },
    { name: "what is no base64", init: { headers: { Authorization: "Basic ???" } } },
    {
      name: "a name without a colon",
      init: { headers: { Authorization: `Basic ${Buffer.from("prometheus").toString("base64")}` } },
    },
    { name: "a password that only begins like it", init: login("prometheus", PASSWORD + "x".repeat(100)) },
  ])("keeps out $name", async ({ init }) => {
    const { url } = await start({ users });

    for (const path of [
      "/metrics",
      "/",
      "/probe?target=prod",
      "/-/reload",
      "/unknown",
      "/ALERTMANAGER",
      "/-/healthy/x",
    ]) {
      const response = await fetch(url + path, init);
      expect([path, response.status]).toEqual([path, 401]);
      expect(response.headers.get("www-authenticate")).toBe('Basic realm="sealwatch", charset="UTF-8"');
      expect(await response.text()).toBe("cannot answer: user or password is missing or wrong\n");
    }
  });

  it("still sends its security headers to strangers", async () => {
    const { url } = await start({ users });

    expect((await fetch(url)).headers.get("x-content-type-options")).toBe("nosniff");
  });

  it.each(["/alertmanager", "/-/healthy", "/-/ready"])("asks for no login on %s", async (path) => {
    const { url } = await start({ users });

    expect((await fetch(url + path)).status).toBe(200);
  });

  it("knows a withdrawn user no more, though it was right before", async () => {
    const { url, change } = await start({ users });
    expect((await fetch(url, login("prometheus", PASSWORD))).status).toBe(200);

    change({ users: new Map([["someone", new Secret(HASH)]]) });

    expect((await fetch(url, login("prometheus", PASSWORD))).status).toBe(401);
    expect((await fetch(url, login("someone", PASSWORD))).status).toBe(200);
  });
});

describe("a server with headers", () => {
  it("adds them to every answer, over its own", async () => {
    const { url } = await start({
      headers: { "X-Frame-Options": "sameorigin", "Strict-Transport-Security": "max-age=1" },
    });

    const { headers } = await fetch(url);

    expect([headers.get("x-frame-options"), headers.get("strict-transport-security")]).toEqual([
      "sameorigin",
      "max-age=1",
    ]);
  });
});

describe("a server with a rate limit", () => {
  it("lets a burst through, then one in each interval", async () => {
    let now = 0;
    const { url } = await start({ rateLimit: { intervalMs: 1000, burst: 2 } }, { now: () => now });
    const status = async (): Promise<number> => (await fetch(url)).status;

    expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
    now += 1000;
    expect([await status(), await status()]).toEqual([200, 429]);
    now += 60_000;
    expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
    expect((await fetch(url)).headers.get("retry-after")).toBe("1");
  });

  it("always lets a kubelet see that the program lives", async () => {
    const { url } = await start({ rateLimit: { intervalMs: 1000, burst: 1 } }, { now: () => 0 });
    const status = async (path: string): Promise<number> => (await fetch(url + path)).status;

    await status("/metrics");
    expect(await status("/metrics")).toBe(429);
    expect([await status("/-/healthy"), await status("/-/ready")]).not.toContain(429);
  });
});
