import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { createCallRecorder } from "../../src/exporter/call-recorder.ts";
import type { Collector } from "../../src/exporter/collector.ts";
import { createNodeCollector } from "../../src/exporter/collectors/node.ts";
import { raft } from "../../src/exporter/collectors/raft.ts";
import { createProbeHistory } from "../../src/exporter/probe-history.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";
import { createVaultCluster } from "../../src/vault/create-cluster.ts";
import { clock } from "./scrape.ts";
import { serve } from "./serve.ts";

const TOKEN = "hvs.CANARYCANARYCANARYCANARY1";
const BODY = "s.bodycanarybodycanarybody00";
const HEADER = "header-canary";

type Vault = AsyncDisposable & { readonly address: string; readonly paths: string[] };

/** A Vault that answers token-free calls, refuses the others, and has a secret in every header and body. */
async function startVault(answer: (path: string) => readonly [number, unknown]): Promise<Vault> {
  const paths: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? "").replace("/v1/", "");
    paths.push(path);
    const [status, body] = answer(path);
    response.writeHead(status, { "content-type": "application/json", "x-secret": HEADER }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const health = {
  initialized: true,
  sealed: false,
  standby: false,
  server_time_utc: 1,
  version: "2.6.2",
  secret: BODY,
};
const seal = {
  type: "shamir",
  initialized: true,
  sealed: false,
  t: 3,
  n: 5,
  progress: 0,
  nonce: "",
  version: "2.6.2",
  migration: false,
  recovery_seal: false,
  storage_type: "raft",
};
const leader = { ha_enabled: true, is_self: true, leader_address: "", leader_cluster_address: "" };

function answers(path: string): readonly [number, unknown] {
  if (path === "sys/health") return [200, health];
  if (path === "sys/seal-status") return [200, seal];
  if (path === "sys/leader") return [200, leader];
  return [403, { errors: [`permission denied for ${BODY}`] }];
}

function clusterOf(name: string, vault: Vault, recorder: ReturnType<typeof createCallRecorder>): VaultCluster {
  return createVaultCluster(
    {
      name,
      product: "openbao",
      clusterId: undefined,
      nodes: [{ name: "vault-0", address: vault.address }],
      tls: {},
      token: { env: "TOKEN" },
      operatorToken: undefined,
    },
    {
      identityMemory: { load: () => undefined, save: () => {} },
      env: { TOKEN },
      observe: recorder.observe,
    },
  );
}

const failing: Collector = {
  name: "failing",
  help: "A collector of this test.",
  families: [],
  policy: [],
  collect: () => Promise.reject(new Error(`a bug with ${TOKEN} in it`)),
};

describe("GET /probe?debug=true", () => {
  it("shows every call with its code, how each collector fared, and then the metrics", async () => {
    await using vault = await startVault(answers);
    const recorder = createCallRecorder(clock);
    const cluster = clusterOf("prod", vault, recorder);
    await using served = await serve({ clusters: [cluster], collectors: [createNodeCollector(), raft], recorder });

    const response = await fetch(`${served.url}/probe?target=prod&debug=true`);
    const page = await response.text();
    await cluster.close();

    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    const [head, metrics] = page.split("\nMetrics:\n");
    expect(head).toMatch(
      /^Probe of prod by module default: not everything could be read\nBegun 2026-11-22T03:02:00\.000Z, took 0 ms of the 9000 ms/u,
    );
    expect(head).toMatch(/^ {2}prod {2}node +0 ms {2}ok$/mu);
    expect(head).toMatch(
      /^ {2}prod {2}raft +0 ms {2}denied: cannot read sys\/storage\/raft\/\S+ on vault-0: denied \(403\); add: /mu,
    );
    expect(head).toMatch(/^ {2}AFTER +NODE +CALL +TOKEN +CODE +TOOK +BYTES +REASON$/mu);
    expect(head).toMatch(/^ {2}0 ms +vault-0 +GET sys\/health +no +200 +0 ms +\d+$/mu);
    expect(head).toMatch(/^ {2}0 ms +vault-0 +GET sys\/storage\/raft\/configuration +yes +403 +0 ms +- +denied$/mu);
    expect(metrics).toContain(`sealwatch_node_up{vault_cluster="prod",vault_node="vault-0"} 1\n`);
    // Every call that the server saw is on the page, and none that it did not see.
    const shown = [...(head ?? "").matchAll(/ GET (?<path>\S+)/gu)].map(({ groups }) => groups?.["path"]);
    expect(new Set(shown)).toEqual(new Set(vault.paths));
    expect(shown).toHaveLength(vault.paths.length);
  });

  it("shows no token, no header and no body, whatever fails", async () => {
    await using vault = await startVault(answers);
    const recorder = createCallRecorder(clock);
    const history = createProbeHistory();
    const cluster = clusterOf("prod", vault, recorder);
    const collectors = [createNodeCollector(), raft, failing];
    await using served = await serve({ clusters: [cluster], collectors, recorder, history });

    const page = await (await fetch(`${served.url}/probe?target=prod&debug=true`)).text();
    await cluster.close();

    expect(page).toContain("failing");
    for (const secret of [TOKEN, BODY, HEADER, "permission denied for"]) {
      expect(page).not.toContain(secret);
      expect(JSON.stringify(history.list())).not.toContain(secret);
    }
  });

  it("shows a call that never ended", async () => {
    const { promise: hanging, resolve: seen } = Promise.withResolvers<void>();
    const server = createServer(() => seen()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const vault = { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } as Vault;
    const recorder = createCallRecorder(clock);
    const cluster = clusterOf("prod", vault, recorder);
    const stubborn: Collector = {
      ...failing,
      collect: async ({ cluster: { nodes } }) => {
        await nodes[0]?.health();
        return [];
      },
    };
    const over = new AbortController();
    await using served = await serve({
      clusters: [cluster],
      collectors: [stubborn],
      recorder,
      deadline: () => over.signal,
    });

    const asking = fetch(`${served.url}/probe?target=prod&debug=true`);
    await hanging;
    over.abort();
    const page = await (await asking).text();
    await cluster.close();
    server.closeAllConnections();
    server.close();

    expect(page).toMatch(/^ {2}0 ms +vault-0 +GET sys\/health +no +- +not ended +-$/mu);
  });

  it("keeps the calls of two probes at the same time apart", async () => {
    await using prod = await startVault(answers);
    await using stage = await startVault((path) =>
      path === "sys/seal-status" ? [500, { errors: ["broken"] }] : answers(path),
    );
    const recorder = createCallRecorder(clock);
    const clusters = [clusterOf("prod", prod, recorder), clusterOf("stage", stage, recorder)];
    await using served = await serve({ clusters, collectors: [createNodeCollector()], recorder });
    const calls = async (target: string): Promise<readonly string[]> => {
      const page = await (await fetch(`${served.url}/probe?target=${target}&debug=true`)).text();
      return [...page.matchAll(/GET (?<call>\S+) +\S+ +(?<code>\d+)/gu)].map(
        ({ groups }) => `${groups?.["call"]} ${groups?.["code"]}`,
      );
    };

    const [first, second] = await Promise.all([calls("prod"), calls("stage")]);
    await Promise.all(clusters.map(async (cluster) => await cluster.close()));

    expect([...(first ?? [])].sort()).toEqual(["sys/health 200", "sys/leader 200", "sys/seal-status 200"]);
    expect([...(second ?? [])].sort()).toEqual(["sys/health 200", "sys/leader 200", "sys/seal-status 500"]);
  });
});
