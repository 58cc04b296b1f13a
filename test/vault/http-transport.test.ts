import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { Secret } from "../../src/lib/secret.ts";
import { readSysHealth } from "../../src/vault/endpoints/sys-health.ts";
import { createVaultTransport } from "../../src/vault/http-transport.ts";
import type { TransportOptions } from "../../src/vault/http-transport.ts";
import type { TokenSource } from "../../src/vault/token-source.ts";
import type { VaultRequest, VaultTransport } from "../../src/vault/transport.ts";
import { json, startRawServer } from "./raw-server.ts";

const READ_TOKEN = "hvs.readreadreadreadreadread";
const OPERATE_TOKEN = "hvs.operateoperateoperateoperate";

describe("what a transport sends", () => {
  it("sends path, query, body and the token that was asked for", async () => {
    await using server = await startRawServer(json(200, { data: 1 }));
    await using transport = open(server.address);

    const read = await transport.request({
      method: "GET",
      path: "sys/leases/count",
      query: { type: "irrevocable" },
      token: "read",
    });
    await transport.request({ method: "POST", path: "sys/seal", body: { a: "b=c&d" }, token: "operate" });

    expect(read).toMatchObject({ statusCode: 200, body: { data: 1 }, text: '{"data":1}' });
    const [first, second] = server.received;
    expect(first).toMatchObject({ method: "GET", url: "/v1/sys/leases/count?type=irrevocable", body: "" });
    expect(first?.headers).toMatchObject({ "x-vault-token": READ_TOKEN, "x-vault-request": "true" });
    expect(second).toMatchObject({ method: "POST", url: "/v1/sys/seal", body: '{"a":"b=c&d"}' });
    expect(second?.headers).toMatchObject({ "x-vault-token": OPERATE_TOKEN, "content-type": "application/json" });
  });

  it("sends no token on a token-free call, and takes nothing from node-vault's environment variables", async () => {
    await using server = await startRawServer(json(200, {}));
    const environment = { VAULT_TOKEN: "s.environment", VAULT_NAMESPACE: "team", VAULT_PREFIX: "/prefix" };
    Object.assign(process.env, environment);
    try {
      await using transport = open(server.address);
      await transport.request({ method: "GET", path: "sys/leader", token: "none" });
      await transport.request({ method: "GET", path: "sys/leader", token: "read" });
    } finally {
      for (const name of Object.keys(environment)) delete process.env[name];
    }

    const [free, withToken] = server.received;
    expect(free?.url).toBe("/v1/sys/leader");
    expect(Object.keys(free?.headers ?? {}).sort()).toEqual([
      "accept",
      "connection",
      "host",
      "user-agent",
      "x-vault-request",
    ]);
    expect(withToken?.headers["x-vault-token"]).toBe(READ_TOKEN);
    expect(withToken?.headers).not.toHaveProperty("x-vault-namespace");
  });

  it.each([
    { name: "reading", kind: "read", key: "clusters[].token or clusters[].auth" },
    { name: "actions", kind: "operate", key: "clusters[].operator or clusters[].operatorToken" },
  ] as const)("refuses a call that needs a token for $name when none is configured", async ({ name, kind, key }) => {
    await using server = await startRawServer(json(200, {}));
    await using transport = open(server.address, { tokens: {} });

    await expect(transport.request({ method: "GET", path: "sys/metrics", token: kind })).rejects.toMatchObject({
      reason: "denied",
      retryable: false,
      message: `cannot read sys/metrics on vault-0: no token is configured for ${name}; set ${key} in the configuration`,
    });
    expect(server.received).toEqual([]);
  });
});

describe("redirects", () => {
  it.each(["GET", "POST"] as const)("are not followed by a %s, and the token stays here", async (method) => {
    await using other = await startRawServer(json(200, {}));
    await using server = await startRawServer((response) => {
      response.writeHead(307, { location: `${other.address}/v1/sys/metrics?secret=1` }).end();
    });
    await using transport = open(server.address);

    await expect(transport.request({ method, path: "sys/metrics", token: "read" })).rejects.toMatchObject({
      reason: "standby",
      retryable: false,
      message: `cannot ${method === "GET" ? "read" : "call"} sys/metrics on vault-0: it is a standby and points to ${other.address} (307); ask the active node by its own configured address: a token follows no redirect`,
    });
    expect(other.received).toEqual([]);
    expect(server.received).toHaveLength(1);
  });
});

describe("time", () => {
  it("ends a call that gets no answer", async () => {
    await using server = await startRawServer(() => {});
    await using transport = open(server.address, { timeouts: { responseMs: 50 } });

    await expect(read(transport)).rejects.toMatchObject({
      reason: "timeout",
      retryable: true,
      message:
        "cannot read sys/leader on vault-0: no whole answer within 50ms; the node hangs or is overloaded: check its disk, its audit devices and the network",
    });
  });

  it("ends a call whose answer begins and never ends, and the call's own time wins", async () => {
    await using server = await startRawServer((response) => {
      response.writeHead(200).write("{");
    });
    await using transport = open(server.address, { timeouts: { responseMs: 60_000 } });

    await expect(read(transport, { timeoutMs: 50 })).rejects.toMatchObject({ reason: "timeout" });
  });

  it("does not call a change retryable when nobody knows whether it took effect", async () => {
    await using server = await startRawServer(() => {});
    await using transport = open(server.address, { timeouts: { responseMs: 50 } });

    await expect(transport.request({ method: "POST", path: "sys/seal", token: "operate" })).rejects.toMatchObject({
      reason: "timeout",
      retryable: false,
      message: expect.stringContaining("it may have taken effect: look before it is called again"),
    });
  });

  it("ends when the caller gives up, and lets the connection go", async () => {
    const controller = new AbortController();
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    await using server = await startRawServer((response) => {
      response.on("close", resolve);
      controller.abort();
    });
    await using transport = open(server.address);

    await expect(read(transport, { signal: controller.signal })).rejects.toMatchObject({ reason: "aborted" });
    await closed;
  });

  it("sends nothing when the caller gave up before", async () => {
    await using server = await startRawServer(json(200, {}));
    await using transport = open(server.address);

    await expect(read(transport, { signal: AbortSignal.abort() })).rejects.toMatchObject({ reason: "aborted" });
    expect(server.received).toEqual([]);
  });

  it("calls the end of the caller's deadline a time-out", async () => {
    await using server = await startRawServer(() => {});
    await using transport = open(server.address);

    await expect(read(transport, { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({ reason: "timeout" });
  });
});

describe("size", () => {
  it("stops reading an answer that is too large", async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    await using server = await startRawServer((response) => {
      response.on("close", resolve);
      const chunk = Buffer.alloc(64 * 1024, "x");
      const pour = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", pour);
      pour();
    });
    await using transport = open(server.address, { maxBytes: 100_000 });

    await expect(read(transport)).rejects.toMatchObject({
      reason: "too-large",
      message: "cannot read sys/leader on vault-0: the answer is larger than 100000 bytes; ask for less",
    });
    await closed;
  });

  it("takes an answer of exactly the size", async () => {
    await using server = await startRawServer((response) => response.end("x".repeat(1000)));
    await using transport = open(server.address);

    expect((await read(transport, { maxBytes: 1000 })).text).toHaveLength(1000);
    await expect(read(transport, { maxBytes: 999 })).rejects.toMatchObject({ reason: "too-large" });
  });
});

describe("429", () => {
  const quota = { errors: ['request path "sys/health": rate limit quota exceeded'] };

  it("is a standby on sys/health when the body is health", async () => {
    const body = { initialized: true, sealed: false, standby: true, server_time_utc: 1, version: "2.7.2" };
    await using server = await startRawServer(json(429, body));
    await using transport = open(server.address);

    expect(await readSysHealth(transport)).toMatchObject({ statusCode: 429, standby: true, hasVaultOnlyKeys: false });
  });

  it("is a quota on sys/health when the body is an error", async () => {
    await using server = await startRawServer(json(429, quota, { "retry-after": "7" }));
    await using transport = open(server.address);

    await expect(readSysHealth(transport)).rejects.toMatchObject({
      reason: "rate-limited",
      retryable: true,
      message: `cannot read sys/health on vault-0: a rate limit was reached: "request path "sys/health": rate limit quota exceeded" (429); wait 7 s, or exempt the path in sys/quotas/config`,
    });
  });
});

describe("garbage", () => {
  it("is refused when it is another server's page", async () => {
    await using server = await startRawServer((response) => response.end("<html>Sign in</html>"));
    await using transport = open(server.address);

    await expect(readSysHealth(transport)).rejects.toMatchObject({
      reason: "invalid-answer",
      message: expect.stringContaining(`check that ${server.address} is a Vault or OpenBao server`),
    });
  });

  it("is refused when it is not HTTP", async () => {
    await using server = await startSocketServer("SSH-2.0-OpenSSH_9.2\r\n");
    await using transport = open(server.address);

    await expect(read(transport)).rejects.toMatchObject({ reason: "invalid-answer" });
  });

  it("is refused when it ends before it is whole", async () => {
    await using server = await startRawServer((response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => response.destroy());
    });
    await using transport = open(server.address);

    await expect(read(transport)).rejects.toMatchObject({ reason: "unreachable", retryable: true });
  });
});

describe("secrets", () => {
  it.each([
    { name: "a refusal that repeats the token", answer: json(400, { errors: [`token ${OPERATE_TOKEN} is odd`] }) },
    { name: "a denial", answer: json(403, { errors: ["permission denied"] }) },
    { name: "a server error", answer: json(500, { errors: ["internal error"] }) },
    { name: "a redirect", answer: json(307, {}, { location: `http://127.0.0.1:1/v1/x?t=${OPERATE_TOKEN}` }) },
    { name: "silence", answer: () => {} },
  ])("are not in the error after $name, whatever prints it", async ({ answer }) => {
    await using server = await startRawServer(answer);
    await using transport = open(server.address, { timeouts: { responseMs: 50 } });

    const error = await transport
      .request({ method: "POST", path: "sys/unseal", body: { key: "key-share-key-share" }, token: "operate" })
      .catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Error);
    const printed = `${String(error)} ${inspect(error, { depth: 20, showHidden: true })} ${JSON.stringify(error)}`;
    expect(printed).not.toContain(OPERATE_TOKEN);
    expect(printed).not.toContain("key-share");
  });

  it("are not in the error after a refusal that repeats a token that looks like any word", async () => {
    await using server = await startRawServer((response, request) =>
      json(400, { errors: [`no such token: ${String(request.headers["x-vault-token"])}`] })(response, request),
    );
    await using transport = open(server.address, { tokens: { read: fixed("correct-horse") } });
    const call = { method: "GET", path: "sys/mounts", token: "read" } as const;

    const message = /refused: "no such token: <redacted Vault token>" \(400\)/u;
    await expect(transport.request(call)).rejects.toThrow(message);
    await expect(transport.stream(call)).rejects.toThrow(message);
  });
});

function open(address: string, options: Partial<TransportOptions> = {}): VaultTransport & AsyncDisposable {
  const tokens = { read: fixed(READ_TOKEN), operate: fixed(OPERATE_TOKEN) };
  const transport = createVaultTransport({ node: { name: "vault-0", address }, tokens, ...options });
  return { ...transport, [Symbol.asyncDispose]: transport.close };
}

async function startSocketServer(greeting: string): Promise<AsyncDisposable & { readonly address: string }> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.resume();
    socket.write(greeting);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, "close");
    },
  };
}

function fixed(token: string): TokenSource {
  return { read: async () => await Promise.resolve(new Secret(token)) };
}

async function read(
  transport: VaultTransport,
  options: Partial<VaultRequest> = {},
): ReturnType<VaultTransport["request"]> {
  return await transport.request({ method: "GET", path: "sys/leader", token: "none", ...options });
}
