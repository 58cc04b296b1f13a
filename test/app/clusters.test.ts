import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startApp } from "../../src/app/app.ts";
import { openClusters } from "../../src/app/clusters.ts";
import { Cluster, type ClusterConfig } from "../../src/config/schema.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";
import { json, startRawServer, type RawServer } from "../vault/raw-server.ts";
import { recordingLogger } from "./recording-logger.ts";
import { writeSettings } from "./settings-files.ts";

const SEALED = { initialized: true, sealed: true, standby: true, server_time_utc: 1, version: "2.7.2" };

let directory: TemporaryDirectory;

beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterAll(async () => await directory[Symbol.asyncDispose]());

/** Every machine knows `localhost`, without any DNS. */
function foundByDns(server: RawServer): ClusterConfig {
  const port = Number(new URL(server.address).port);
  return Cluster.parse({ name: "prod", discovery: { type: "dns", name: "localhost", port, scheme: "http" } });
}

async function kubeconfigFor(server: RawServer): Promise<string> {
  const path = join(directory.path, "kubeconfig");
  const config = {
    clusters: [{ name: "test", cluster: { server: server.address, "insecure-skip-tls-verify": true } }],
    users: [{ name: "test", user: { token: "the-token" } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    "current-context": "test",
  };
  await writeFile(path, JSON.stringify(config));
  return path;
}

function open(configured: readonly ClusterConfig[], logger = silentLogger) {
  const identityMemory = { load: () => undefined, save: () => {} };
  const clusters = openClusters(configured, { env: {}, identityMemory, logger });
  return { ...clusters, [Symbol.asyncDispose]: async () => await clusters.close() };
}

describe("openClusters", () => {
  it("asks nobody before it is told to, and then has the nodes that were found", async () => {
    await using server = await startRawServer(json(503, SEALED));
    await using clusters = open([foundByDns(server)]);
    const cluster = clusters.byName.get("prod");
    expect(cluster?.nodes).toEqual([]);

    await clusters.discover();

    expect(cluster?.nodes.map(({ name, address }) => ({ name, address }))).toEqual([
      { name: "127.0.0.1", address: server.address },
    ]);
    expect(await cluster?.nodes[0]?.health()).toMatchObject({ sealed: true });
  });

  it("does not wait for a source that does not answer", async () => {
    await using server = await startRawServer(() => {});
    const discovery = { type: "kubernetes", namespace: "vault", kubeconfigFile: await kubeconfigFor(server) };
    await using clusters = open([Cluster.parse({ name: "prod", discovery })]);

    await clusters.discover();

    expect(server.received).toHaveLength(1);
    expect(clusters.byName.get("prod")?.discovery?.status()).toEqual({ stale: true, lastSuccessAt: undefined });
  });

  it("says in the log of which cluster nodes cannot be looked for", async () => {
    const { logger, entries } = recordingLogger();
    const discovery = { type: "kubernetes", namespace: "vault", kubeconfigFile: join(directory.path, "missing") };
    await using clusters = open([Cluster.parse({ name: "prod", discovery })], logger);

    await clusters.discover();

    expect(entries).toEqual([
      [
        "warn",
        "cannot look for nodes, those known stay",
        { cluster: "prod", why: expect.stringContaining("cannot read discovery.kubeconfigFile") },
      ],
    ]);
  });
});

describe("the server of a cluster whose nodes are looked for", () => {
  it("has them on its first page, with how many there should be and how the look for them goes", async () => {
    await using server = await startRawServer(json(503, SEALED));
    const { name, discovery } = foundByDns(server);
    const files = await writeSettings(directory.path, {
      clusters: [{ name, discovery: { ...discovery, refresh: "30s" } }],
    });
    const app = await startApp({ settings: await files.load(), env: {}, logger: silentLogger });
    try {
      const page = await (await fetch(`${app.address}/metrics`)).text();

      expect(page).toContain('sealwatch_node_sealed{vault_cluster="prod",vault_node="127.0.0.1"} 1');
      expect(page).toContain('sealwatch_cluster_expected_nodes{vault_cluster="prod"} 1');
      expect(page).toContain('sealwatch_discovery_success{vault_cluster="prod",discovery="dns"} 1');
      expect(page).toContain('sealwatch_discovery_nodes{vault_cluster="prod",discovery="dns"} 1');
      expect(page).toMatch(/^sealwatch_discovery_last_success_timestamp_seconds\{[^}]*\} \d{10}(?:\.\d+)?$/mu);
    } finally {
      await app.stop();
    }
  });

  it("starts and serves when nothing can be found", async () => {
    const discovery = { type: "dns", name: "no-such-host.invalid" };
    const files = await writeSettings(directory.path, { clusters: [{ name: "prod", discovery }] });
    const app = await startApp({ settings: await files.load(), env: {}, logger: silentLogger });
    try {
      const page = await (await fetch(`${app.address}/metrics`)).text();

      expect(page).toContain('sealwatch_discovery_success{vault_cluster="prod",discovery="dns"} 0');
      expect(page).toContain(
        'sealwatch_discovery_last_success_timestamp_seconds{vault_cluster="prod",discovery="dns"} 0',
      );
    } finally {
      await app.stop();
    }
  });
});
