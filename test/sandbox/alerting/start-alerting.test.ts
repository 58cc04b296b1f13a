import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Payload } from "../../../src/alertmanager/schema.ts";
import { startAlerting, type Alerting } from "../../../src/sandbox/alerting/start-alerting.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";

/* A sealwatch of two paths: its page is what the test writes, its webhook keeps what it is told. */
let server: Server;
let address: string;
let page: string;
let status: number;
let pageStatus: number;
let looks: number;
let refused: number;
let told: { readonly authorization: string | undefined; readonly payload: Payload }[];
let alerting: Alerting | undefined;

const sealed = (node: string, value: number): string =>
  `sealwatch_node_sealed{vault_cluster="prod",vault_node="${node}"} ${value}\n`;

beforeEach(async () => {
  [page, status, pageStatus, looks, refused, told] = ["", 200, 200, 0, 0, []];
  server = createServer((request, response) => {
    if (request.method === "GET" && request.url === "/metrics") {
      looks++;
      response.writeHead(pageStatus).end(pageStatus === 200 ? page : "cannot write the page");
      return;
    }
    if (request.method !== "POST" || request.url !== "/alertmanager") {
      response.writeHead(501).end();
      return;
    }
    void (async () => {
      const body = await text(request);
      if (status === 200)
        told.push({
          authorization: request.headers.authorization,
          payload: Payload.parse(JSON.parse(body)),
        });
      else refused++;
      response.writeHead(status).end();
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await alerting?.[Symbol.asyncDispose]();
  server.closeAllConnections();
  server.close();
});

describe("startAlerting", () => {
  it("says nothing while nothing fires", async () => {
    page = sealed("vault-0", 0);
    begin();
    await looked(3);
    expect(told).toEqual([]);
  });

  it("tells of an alert once, with the token, the labels and the link", async () => {
    page = sealed("vault-0", 0) + sealed("vault-1", 1);
    begin();
    const first = await toldOf(1);
    await looked(3);
    expect(told).toHaveLength(1);
    expect(first.authorization).toBe("Bearer the-token");
    expect(first.payload).toMatchObject({
      groupKey: '{}:{alertname="VaultNodeSealed", vault_cluster="prod"}',
      status: "firing",
      alerts: [
        {
          status: "firing",
          labels: {
            alertname: "VaultNodeSealed",
            vault_cluster: "prod",
            vault_node: "vault-1",
            runbook: "sealed-node",
          },
          annotations: {
            summary: "vault-1 of prod is sealed",
            runbook_url: `${address}/runbooks/sealed-node?cluster=prod&node=vault-1`,
          },
        },
      ],
    });
  });

  it("tells again when another node joins, with the same beginning and the same group", async () => {
    page = sealed("vault-1", 1);
    begin();
    const first = await toldOf(1);
    page = sealed("vault-1", 1) + sealed("vault-2", 1);
    const second = await toldOf(2);
    expect(second.payload.groupKey).toBe(first.payload.groupKey);
    expect(second.payload.alerts.map(({ labels }) => labels["vault_node"])).toEqual(["vault-1", "vault-2"]);
    expect(second.payload.alerts[0]?.startsAt).toEqual(first.payload.alerts[0]?.startsAt);
  });

  it("tells of the end, with the nodes it was about, and of a new beginning later", async () => {
    page = sealed("vault-1", 1);
    begin();
    await toldOf(1);
    page = sealed("vault-1", 0);
    const end = await toldOf(2);
    expect(end.payload).toMatchObject({
      status: "resolved",
      groupKey: '{}:{alertname="VaultNodeSealed", vault_cluster="prod"}',
      alerts: [{ status: "resolved", labels: { vault_node: "vault-1" } }],
    });
    page = sealed("vault-1", 1);
    expect((await toldOf(3)).payload.status).toBe("firing");
  });

  it("tells again what the webhook did not take", async () => {
    status = 503;
    page = sealed("vault-1", 1);
    begin();
    await waitFor("two refusals", async () => (refused >= 2 ? true : undefined));
    expect(told).toEqual([]);
    status = 200;
    expect((await toldOf(1)).payload.status).toBe("firing");
  });

  it("does not take a page that could not be written for one where nothing fires", async () => {
    page = sealed("vault-1", 1);
    begin();
    await toldOf(1);
    pageStatus = 500;
    await looked(3);
    pageStatus = 200;
    await looked(3);
    expect(told).toHaveLength(1);
  });

  it("looks no more once it is disposed, though a look is under way", async () => {
    begin();
    await looked(1);
    await alerting?.[Symbol.asyncDispose]();
    const before = looks;
    server.closeAllConnections();
    await new Promise((resolve) => void setImmediate(resolve));
    expect(looks).toBe(before);
  });
});

function begin(): void {
  alerting = startAlerting({ address, token: "the-token", everyMs: 5 });
}

async function looked(times: number): Promise<void> {
  const before = looks;
  await waitFor(`${times} looks`, async () => (looks >= before + times ? true : undefined));
}

async function toldOf(count: number) {
  return await waitFor(`message ${count}`, async () => told[count - 1]);
}
