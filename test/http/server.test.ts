import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import express, { type Router } from "express";
import { FailureError } from "../../src/lib/failure.ts";
import type { LogFacts, Logger } from "../../src/lib/logger.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { startHttpServer, type HttpServer } from "../../src/http/server.ts";

const servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(async (server) => await server.close()));
});

async function start(router: Router = express.Router(), logger: Logger = silentLogger): Promise<HttpServer> {
  const server = await startHttpServer({ listen: "127.0.0.1:0", routers: [router], logger });
  servers.push(server);
  return server;
}

function routerWith(set: (router: Router) => void): Router {
  const router = express.Router();
  set(router);
  return router;
}

describe("an answer", () => {
  it("tells browsers to load nothing, frame nothing, keep nothing, and not what made it", async () => {
    const { address } = await start(
      routerWith((router) => router.get("/x", (_request, response) => void response.send("x"))),
    );
    for (const path of ["/x", "/unknown"]) {
      const { headers } = await fetch(address + path);
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-powered-by")).toBeNull();
    }
  });

  it("comes from the first router that knows the path", async () => {
    const say = (text: string) =>
      routerWith((router) => router.get("/x", (_request, response) => void response.send(text)));
    const server = await startHttpServer({ listen: "127.0.0.1:0", routers: [say("first"), say("second")] });
    servers.push(server);
    expect(await (await fetch(`${server.address}/x`)).text()).toBe("first");
  });

  it("has no parsed body unless its router asked for one", async () => {
    const { address } = await start(
      routerWith((router) =>
        router.post("/x", (request, response) => void response.json({ body: typeof request.body })),
      ),
    );
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${address}/x`, { method: "POST", headers, body: '{"a":1}' });
    expect(await answer.json()).toEqual({ body: "undefined" });
  });
});

describe("a path that no router knows", () => {
  it.each([
    { name: "as text to whoever takes anything", accept: "*/*", body: "cannot GET /nowhere: there is no such page\n" },
    {
      name: "as JSON to whoever asks for it",
      accept: "application/json",
      body: '{"error":"cannot GET /nowhere: there is no such page"}',
    },
  ])("is answered with 404 $name", async ({ accept, body }) => {
    const { address } = await start();
    const answer = await fetch(`${address}/nowhere`, { headers: { accept } });
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe(body);
  });

  it("is never answered as a page, whatever is in it", async () => {
    const { address } = await start();
    const answer = await fetch(`${address}/<script>alert(1)</script>`, { headers: { accept: "text/html" } });
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  });
});

describe("a router that throws", () => {
  it("is logged with the reason, and the answer tells nothing of it", async () => {
    const logged: { message: string; facts: LogFacts | undefined }[] = [];
    const logger = {
      ...silentLogger,
      error: (message: string, facts?: LogFacts) => void logged.push({ message, facts }),
    };
    const failing = routerWith((router) =>
      router.get("/x", async () => {
        throw new FailureError({ reason: "timeout", message: "cannot read the inner thing", retryable: true });
      }),
    );
    const answer = await fetch(`${(await start(failing, logger)).address}/x`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe("cannot GET /x: it failed; see sealwatch's log\n");
    expect(logged).toEqual([
      {
        message: "request failed",
        facts: { method: "GET", path: "/x", reason: "timeout", why: "cannot read the inner thing" },
      },
    ]);
  });

  it("is the client's mistake when the URL is badly escaped", async () => {
    const { address } = await start(
      routerWith((router) => router.get("/:id", (_request, response) => void response.send("x"))),
    );
    const answer = await fetch(`${address}/%E0%A4%A`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("the request is not well-formed");
  });
});

describe("listening", () => {
  it("takes a free port for port 0 and tells the real one", async () => {
    const { address } = await start();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/u);
  });

  it.each([
    { listen: "[::1]:0", host: "\\[::1\\]" },
    { listen: "localhost:0", host: "(?:127\\.0\\.0\\.1|\\[::1\\])" },
  ])("understands $listen", async ({ listen, host }) => {
    const server = await startHttpServer({ listen, routers: [] });
    servers.push(server);
    expect(server.address).toMatch(new RegExp(`^http://${host}:[1-9]\\d*$`, "u"));
  });

  it.each(["9410", "127.0.0.1", "127.0.0.1:65536", "http://127.0.0.1:1", "a b:1", ""])("refuses %j", async (listen) => {
    await expect(startHttpServer({ listen, routers: [] })).rejects.toMatchObject({
      reason: "refused",
      message: `cannot listen on "${listen}": it is not host:port; write for instance 127.0.0.1:9410 or [::1]:9410`,
    });
  });

  it("says that the port is taken", async () => {
    const { address } = await start();
    const listen = address.slice("http://".length);
    await expect(startHttpServer({ listen, routers: [] })).rejects.toMatchObject({
      reason: "refused",
      message: `cannot listen on ${listen}: EADDRINUSE; end the program that has the port, or set "listen" in the configuration`,
    });
  });
});

describe("closing", () => {
  it("lets a request under way end, takes no more, and does not wait for idle connections", async () => {
    let release = () => {};
    let arrived = () => {};
    const inside = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const router = routerWith((made) =>
      made.get("/slow", async (_request, response) => {
        const released = new Promise<void>((resolve) => {
          release = resolve;
        });
        arrived();
        await released;
        response.send("ended");
      }),
    );
    const server = await startHttpServer({ listen: "127.0.0.1:0", routers: [router] });
    const agent = new Agent({ keepAlive: true });
    const [used] = (await once(httpRequest(`${server.address}/unknown`, { agent }).end(), "response")) as [
      IncomingMessage,
    ];
    const idle = used.socket;
    await once(used.resume(), "end");
    const { hostname, port } = new URL(server.address);
    const unused = connect(Number(port), hostname);
    await once(unused, "connect");
    const slow = httpRequest(`${server.address}/slow`, { agent: new Agent({ keepAlive: true }) }).end();
    await inside;

    const closed = server.close();
    await Promise.all([once(idle, "close"), once(unused.resume(), "close")]);
    await expect(fetch(`${server.address}/slow`)).rejects.toThrow("fetch failed");
    release();
    const [answer] = (await once(slow, "response")) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(200);
    await closed;
  });

  it("may be asked twice", async () => {
    const server = await startHttpServer({ listen: "127.0.0.1:0", routers: [] });
    await server.close();
    await expect(server.close()).resolves.toBeUndefined();
  });
});
