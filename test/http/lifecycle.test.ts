import { afterEach, describe, expect, it } from "@jest/globals";
import { createLifecycleRouter, type LifecycleOptions } from "../../src/http/lifecycle.ts";
import { startHttpServer, type HttpServer } from "../../src/http/server.ts";

const servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(async (server) => await server.close()));
});

async function start(options: Partial<LifecycleOptions>): Promise<string> {
  const router = createLifecycleRouter({ ready: () => ({ ready: true }), reload: async () => [], ...options });
  const server = await startHttpServer({ listen: "127.0.0.1:0", routers: [router] });
  servers.push(server);
  return server.address;
}

async function ask(url: string, init: RequestInit = {}): Promise<readonly [number, string]> {
  const response = await fetch(url, init);
  return [response.status, await response.text()];
}

describe("GET /-/healthy and /-/ready", () => {
  it("is healthy while it answers at all", async () => {
    const url = await start({ ready: () => ({ ready: false, why: "the store is locked" }) });

    expect(await ask(`${url}/-/healthy`)).toEqual([200, "healthy\n"]);
  });

  it("is ready when it is told so", async () => {
    expect(await ask(`${await start({})}/-/ready`)).toEqual([200, "ready\n"]);
  });

  it("says in words why it is not ready", async () => {
    const url = await start({ ready: () => ({ ready: false, why: "the store is locked" }) });

    expect(await ask(`${url}/-/ready`)).toEqual([503, "not ready: the store is locked\n"]);
  });
});

describe("/-/reload", () => {
  it.each(["POST", "PUT"])("loads anew once for a %s", async (method) => {
    let count = 0;
    const url = await start({
      reload: async () => {
        count++;
        return [];
      },
    });

    expect(await ask(`${url}/-/reload`, { method })).toEqual([200, "reloaded\n"]);
    expect(count).toBe(1);
  });

  it("answers what was wrong", async () => {
    const url = await start({ reload: async () => ["a.yaml:3:1: unknown key", "b.yaml:1:1: cannot be read"] });

    expect(await ask(`${url}/-/reload`, { method: "POST" })).toEqual([
      500,
      "not everything was reloaded; the last good set stays:\na.yaml:3:1: unknown key\nb.yaml:1:1: cannot be read\n",
    ]);
  });

  it("does nothing for a GET, which a link can make", async () => {
    const url = await start({ reload: async () => Promise.reject(new Error("must not be called")) });

    const response = await fetch(`${url}/-/reload`);

    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST, PUT"]);
  });

  it.each([
    { name: "the page of another site", headers: { "Sec-Fetch-Site": "cross-site" }, status: 403 },
    { name: "a page of the same site that is not ours", headers: { "Sec-Fetch-Site": "same-site" }, status: 403 },
    { name: "an old browser with another site's page", headers: { Origin: "https://evil.example" }, status: 403 },
    { name: "a page without an address", headers: { Origin: "null" }, status: 403 },
    { name: "a person who typed it", headers: { "Sec-Fetch-Site": "none" }, status: 200 },
  ])("tells $name by what its browser sends: $status", async ({ headers, status }) => {
    const url = await start({});

    expect((await ask(`${url}/-/reload`, { method: "POST", headers }))[0]).toBe(status);
  });

  it("lets our own pages", async () => {
    const url = await start({});

    expect((await ask(`${url}/-/reload`, { method: "POST", headers: { Origin: url } }))[0]).toBe(200);
  });
});
