import { afterEach, describe, expect, it } from "@jest/globals";
import { createAlertmanagerRouter, type AlertmanagerOptions } from "../../src/alertmanager/webhook.ts";
import { startHttpServer, type HttpServer } from "../../src/http/server.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { silentLogger, type LogFacts } from "../../src/lib/logger.ts";
import { Secret } from "../../src/lib/secret.ts";
import type { AlertGroup } from "../../src/runner/ports.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { alert, payload } from "./payloads.ts";

const TOKEN = "a-token-for-the-webhook";
const NOW = Date.UTC(2026, 10, 22, 3, 4, 0);
const KEY = '{}:{alertname="VaultNodeSealed"}';

const servers: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map(async (server) => await server.close()));
});

async function start(changes: Partial<AlertmanagerOptions> = {}) {
  const { alerts } = createMemoryStore();
  const told: AlertGroup[] = [];
  const logged: { message: string; facts: LogFacts | undefined }[] = [];
  const logger = {
    ...silentLogger,
    error: (message: string, facts?: LogFacts) => void logged.push({ message, facts }),
  };
  const router = createAlertmanagerRouter({
    token: () => new Secret(TOKEN),
    store: alerts,
    clock: { now: () => NOW },
    onGroup: (group) => void told.push(group),
    logger,
    ...changes,
  });
  const server = await startHttpServer({ listen: "127.0.0.1:0", routers: [router] });
  servers.push(server);
  const post = async (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    await fetch(`${server.address}/alertmanager`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${TOKEN}`, ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return { alerts: changes.store ?? alerts, told, logged, post, address: server.address };
}

describe("a group from Alertmanager", () => {
  it("is stored, told, and answered with 200", async () => {
    const { alerts, told, post } = await start();
    const answer = await post(payload());
    expect([answer.status, await answer.json()]).toEqual([200, { stored: true, alerts: 1 }]);
    const group: AlertGroup = {
      key: KEY,
      status: "firing",
      receivedAt: NOW,
      startsAt: Date.UTC(2026, 10, 22, 3, 2, 0, 500),
      alerts: [
        {
          fingerprint: "dd3f62d0deadbeef",
          status: "firing",
          labels: { alertname: "VaultNodeSealed", vault_cluster: "prod", vault_node: "vault-2" },
          annotations: { summary: "vault-2 is sealed" },
          startsAt: Date.UTC(2026, 10, 22, 3, 2, 0, 500),
          endsAt: undefined,
        },
      ],
    };
    expect(await alerts.get(KEY)).toEqual(group);
    expect(told).toEqual([group]);
  });

  it("is in the store before the answer, and told after it", async () => {
    const order: string[] = [];
    const { alerts: memory } = createMemoryStore();
    const store = { ...memory, put: async (group: AlertGroup) => void (await memory.put(group), order.push("stored")) };
    let tell = () => {};
    const waits = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const { post } = await start({ store, onGroup: async () => void (await waits, order.push("told")) });
    await post(payload());
    order.push("answered");
    tell();
    await waits;
    expect(order.slice(0, 2)).toEqual(["stored", "answered"]);
  });

  it("may come twice: it is stored once, and told again, so that what a crash left undone is done", async () => {
    const { alerts, told, post } = await start();
    await post(payload());
    await post(payload());
    expect(await alerts.list()).toHaveLength(1);
    expect(told[1]).toEqual(told[0]);
  });

  it("says when it and its alerts are resolved", async () => {
    const { alerts, post } = await start();
    await post(payload());
    const ended = alert({ status: "resolved", endsAt: "2026-11-22T03:10:00+01:00" });
    await post(payload({ status: "resolved", alerts: [ended] }));
    const group = await alerts.get(KEY);
    expect(group?.status).toBe("resolved");
    expect(group?.alerts[0]?.endsAt).toBe(Date.UTC(2026, 10, 22, 2, 10, 0));
  });

  it("is never told as older than the store has it", async () => {
    const times = [NOW, NOW - 1];
    const { told, post } = await start({ clock: { now: () => times.shift() ?? NOW } });
    await post(payload({ status: "resolved", alerts: [alert({ status: "resolved" })] }));
    await post(payload());
    expect(told.map(({ status }) => status)).toEqual(["resolved", "resolved"]);
  });

  it("takes keys and fields that it does not know", async () => {
    const { post } = await start();
    expect((await post(payload({ notificationReason: "new", alerts: [alert({ more: 1 })] }))).status).toBe(200);
  });
});

describe("a group cut off by max_alerts", () => {
  const other = (fingerprint: string, startsAt: string) => alert({ fingerprint, startsAt });

  it("keeps as many known firing alerts as were cut off, the youngest first", async () => {
    const { alerts, post } = await start();
    const [old, young] = [other("old", "2026-11-22T01:00:00Z"), other("young", "2026-11-22T02:00:00Z")];
    await post(payload({ alerts: [old, young, other("ended", "2026-11-22T02:30:00Z")] }));
    await post(payload({ alerts: [alert({ fingerprint: "new" })], truncatedAlerts: 1 }));
    await post(payload({ alerts: [alert({ fingerprint: "newer" })], truncatedAlerts: 2 }));
    const fingerprints = (await alerts.get(KEY))?.alerts.map(({ fingerprint }) => fingerprint);
    expect(fingerprints).toEqual(["newer", "new", "ended"]);
  });

  it("forgets alerts that are not in a payload which is whole", async () => {
    const { alerts, post } = await start();
    await post(payload({ alerts: [alert(), other("gone", "2026-11-22T01:00:00Z")] }));
    await post(payload());
    expect((await alerts.get(KEY))?.alerts).toHaveLength(1);
  });

  it("keeps nothing once it is resolved", async () => {
    const { alerts, post } = await start();
    await post(payload({ alerts: [alert(), other("cut-off", "2026-11-22T01:00:00Z")] }));
    await post(payload({ status: "resolved", alerts: [alert({ status: "resolved" })], truncatedAlerts: 1 }));
    expect((await alerts.get(KEY))?.alerts.map(({ status }) => status)).toEqual(["resolved"]);
  });
});

describe("a stranger", () => {
  it.each([
    { name: "without a token", authorization: "" },
    { name: "with another token", authorization: "Bearer another-token" },
    { name: "with the beginning of the token", authorization: `Bearer ${TOKEN.slice(0, -1)}` },
    { name: "with the token and more", authorization: `Bearer ${TOKEN}x` },
    { name: "with another scheme", authorization: `Basic ${TOKEN}` },
    { name: "with an empty token", authorization: "Bearer " },
  ])("$name is refused with 401, and nothing is stored or told", async ({ authorization }) => {
    const { alerts, told, post } = await start();
    const answer = await post(payload(), { authorization });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(await answer.json()).toEqual({ error: expect.stringContaining("the bearer token is missing or wrong") });
    expect(await alerts.list()).toEqual([]);
    expect(told).toEqual([]);
  });

  it("is refused when the token is empty, whatever is sent", async () => {
    const { post } = await start({ token: () => new Secret("") });
    expect((await post(payload(), { authorization: "Bearer " })).status).toBe(401);
  });

  it("is refused before a byte of the body is read", async () => {
    const { post } = await start();
    expect((await post("{ not JSON", { authorization: "Bearer another-token" })).status).toBe(401);
  });

  it("can use the old token no more when the token was changed", async () => {
    let token = TOKEN;
    const { post } = await start({ token: async () => new Secret(token) });
    expect((await post(payload())).status).toBe(200);
    token = "the-next-token";
    expect((await post(payload())).status).toBe(401);
    expect((await post(payload(), { authorization: "Bearer the-next-token" })).status).toBe(200);
  });
});

describe("a payload that is not Alertmanager's", () => {
  it.each([
    { name: "text", body: "hello", why: "the body is no JSON" },
    { name: "nothing", body: "", why: '"version" is not what Alertmanager sends in version 4' },
    { name: "a list", body: [], why: "the body is not what Alertmanager sends in version 4" },
    { name: "version 3", body: payload({ version: "3" }), why: '"version" is not what Alertmanager sends' },
    { name: "no group key", body: payload({ groupKey: undefined }), why: '"groupKey" is not what' },
    { name: "an unknown status", body: payload({ status: "silenced" }), why: '"status" is not what' },
    { name: "no alerts", body: payload({ alerts: [] }), why: '"alerts" is not what' },
    {
      name: "a time that is none",
      body: payload({ alerts: [alert({ startsAt: "soon" })] }),
      why: '"alerts.0.startsAt" is not what',
    },
    {
      name: "a label that is no text",
      body: payload({ alerts: [alert({ labels: { a: 1 } })] }),
      why: '"alerts.0.labels.a" is not what',
    },
  ])("is refused with 400 and a reason: $name", async ({ body, why }) => {
    const { alerts, post } = await start();
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: expect.stringContaining(why) });
    expect(await alerts.list()).toEqual([]);
  });

  it("is refused with 413 above 8 MiB", async () => {
    const { post } = await start();
    const answer = await post(payload({ externalURL: "x".repeat(8 * 1024 * 1024) }));
    expect(answer.status).toBe(413);
    expect(await answer.json()).toEqual({ error: expect.stringContaining("set max_alerts") });
  });
});

describe("a failure on our side", () => {
  it.each([
    { name: "the store cannot write", changes: { store: failingStore() } },
    {
      name: "the token cannot be read",
      changes: {
        token: () => {
          throw new FailureError({ reason: "denied", message: "cannot read the secret file", retryable: false });
        },
      },
    },
  ])("is answered with 503, so that Alertmanager tries again, when $name", async ({ changes }) => {
    const { told, logged, post } = await start(changes);
    const answer = await post(payload());
    expect(answer.status).toBe(503);
    expect(await answer.text()).not.toContain("secret");
    expect(logged).toMatchObject([{ message: "alert group was not stored", facts: { reason: "denied" } }]);
    expect(told).toEqual([]);
  });

  it.each([
    {
      name: "throws",
      onGroup: () => {
        throw new Error("a bug");
      },
    },
    {
      name: "rejects",
      onGroup: async () => {
        throw new Error("a bug");
      },
    },
  ])("never reaches Alertmanager when onGroup $name", async ({ onGroup }) => {
    const { logged, post } = await start({ onGroup });
    expect((await post(payload())).status).toBe(200);
    expect((await post(payload())).status).toBe(200);
    expect(logged[0]).toMatchObject({ message: "alert group was stored but not handled", facts: { key: KEY } });
  });
});

function failingStore(): AlertmanagerOptions["store"] {
  const fail = async () => {
    throw new FailureError({ reason: "denied", message: "cannot write the secret place", retryable: false });
  };
  return { put: fail, get: fail, list: fail };
}
