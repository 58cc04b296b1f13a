import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { OpenBaoCluster, OpenBaoNode } from "../../src/sandbox/openbao/openbao.ts";
import { disableTransitKey, enableTransitKey } from "../../src/sandbox/openbao/transit-key.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { isRunning } from "../support/is-running.ts";
import { openBaoForTest } from "../support/openbao.ts";
import { describeWith } from "../support/real.ts";

type Health = { readonly initialized: boolean; readonly sealed: boolean; readonly standby: boolean };

const healthOf = async (cluster: OpenBaoCluster, node: OpenBaoNode): Promise<Health> =>
  (await cluster.call(node, "GET", "sys/health", undefined, "")).body as Health;

const votersOf = async (cluster: OpenBaoCluster): Promise<readonly string[]> => {
  const answer = await cluster.call(await cluster.activeNode(), "GET", "sys/storage/raft/configuration");
  const { data } = answer.body as {
    data: { config: { servers: { node_id: string; voter: boolean; leader: boolean }[] } };
  };
  return data.config.servers.filter(({ voter }) => voter).map((server) => server.node_id);
};

describeWith(["openbao", "openssl"], "a cluster of three with a Shamir seal", () => {
  let cluster: OpenBaoCluster;

  beforeAll(async () => {
    cluster = await openBaoForTest({ nodes: 3 });
  });

  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
  });

  it("has three voters, one leader and two standbys when it is handed over", async () => {
    const health = await Promise.all(cluster.nodes.map((node) => healthOf(cluster, node)));
    expect(health.filter(({ standby }) => !standby)).toHaveLength(1);
    expect(health.every(({ sealed, initialized }) => initialized && !sealed)).toBe(true);
    expect([...(await votersOf(cluster))].sort()).toEqual(["vault-0", "vault-1", "vault-2"]);
  });

  it("has three shares, of which two unseal", async () => {
    const { body } = await cluster.call(await cluster.activeNode(), "GET", "sys/seal-status");
    expect(body).toMatchObject({ type: "shamir", t: 2, n: 3, storage_type: "raft", cluster_name: "sandbox" });
    expect(cluster.unsealKeys).toHaveLength(3);
  });

  it("answers over TLS with a certificate that only its own authority vouches for", async () => {
    const node = cluster.node("vault-1");
    expect(node.address).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/u);
    await expect(fetch(`${node.address}/v1/sys/health`)).rejects.toThrow("fetch failed");
    expect([200, 429]).toContain((await cluster.call(node, "GET", "sys/health")).statusCode);
  });

  it("writes every authenticated call to both audit devices", async () => {
    const active = await cluster.activeNode();
    await cluster.call(active, "GET", "sys/mounts");
    for (const name of ["file-a", "file-b"])
      expect(await readFile(join(active.directory, `audit-${name}.log`), "utf8")).toContain('"path":"sys/mounts"');
  });

  it("shows no metrics without a token", async () => {
    const active = await cluster.activeNode();
    const path = "sys/metrics?format=prometheus";
    expect((await cluster.call(active, "GET", path, undefined, "")).statusCode).toBe(403);
    expect((await cluster.call(active, "GET", path)).body).toContain('vault_core_unsealed{cluster="sandbox"} 1');
  });

  it("gives a token that can do what its policy says and nothing else", async () => {
    const active = await cluster.activeNode();
    const token = await cluster.createToken('path "sys/mounts" { capabilities = ["read"] }');
    const code = async (path: string): Promise<number> =>
      (await cluster.call(active, "GET", path, undefined, token)).statusCode;
    expect(await code("sys/mounts")).toBe(200);
    expect(await code("sys/auth")).toBe(403);
    expect(await code("auth/token/lookup-self")).toBe(403);
  });

  it("seals one node and unseals it again while the others go on", async () => {
    const active = await cluster.activeNode();
    const standby = cluster.nodes.find((node) => node !== active) ?? active;
    await standby.seal();
    expect(await healthOf(cluster, standby)).toMatchObject({ sealed: true });
    expect(await cluster.activeNode()).toBe(active);
    const [first = "", second = ""] = cluster.unsealKeys;
    await standby.unsealWith(first);
    expect((await cluster.call(standby, "GET", "sys/seal-status")).body).toMatchObject({ sealed: true, progress: 1 });
    await standby.unsealWith(second);
    await waitFor("the standby unsealed", async () => ((await healthOf(cluster, standby)).sealed ? undefined : true));
  });

  it("elects another leader when the leader is killed, and takes the killed one back", async () => {
    const before = await cluster.activeNode();
    await before.kill();
    expect(before.pid).toBeUndefined();
    expect(await cluster.activeNode()).not.toBe(before);
    await before.start();
    expect(await healthOf(cluster, before)).toMatchObject({ initialized: true, sealed: true });
    await before.unseal();
    expect(await healthOf(cluster, before)).toMatchObject({ sealed: false });
  });

  it("does not get an answer from a suspended node until it is resumed", async () => {
    const active = await cluster.activeNode();
    const standby = cluster.nodes.find((node) => node !== active) ?? active;
    const silent = AbortSignal.timeout(400);
    standby.suspend();
    const answer = cluster.call(standby, "GET", "sys/health");
    const first = await Promise.race([
      answer.then(() => "answered"),
      new Promise((resolve) => silent.addEventListener("abort", () => resolve("silent"))),
    ]);
    standby.resume();
    expect(first).toBe("silent");
    expect((await answer).statusCode).toBe(429);
  });

  it("lets a node that lost its data join again by itself, once it is unsealed", async () => {
    const active = await cluster.activeNode();
    const standby = cluster.nodes.find((node) => node !== active) ?? active;
    await expect(standby.removeData()).rejects.toThrow(`cannot remove the data of ${standby.name}: it is running`);
    await standby.kill();
    await standby.removeData();
    await standby.start();
    await standby.unseal();
    expect(await healthOf(cluster, standby)).toMatchObject({ initialized: true, sealed: false });
  });

  it("names the nodes it has when asked for one it has not", () => {
    expect(() => cluster.node("vault-7")).toThrow('cannot find the node "vault-7"; did you mean "vault-0"?');
  });
});

describeWith(["openbao"], "a single node with a static seal, without TLS", () => {
  it("unseals itself after a restart, but not after it was sealed by a call", async () => {
    await using cluster = await openBaoForTest({ nodes: 1, seal: { type: "static" }, tls: false, namePrefix: "solo" });
    const node = cluster.node("solo-0");
    expect(node.address).toMatch(/^http:/u);
    await node.kill();
    await node.start();
    await waitFor("solo-0 unsealed", async () => ((await healthOf(cluster, node)).sealed ? undefined : true));
    const pid = node.pid;
    await node.seal();
    await node.unseal();
    expect(await healthOf(cluster, node)).toMatchObject({ sealed: false });
    expect(node.pid).not.toBe(pid);
  });

  it("is left uninitialised when asked to", async () => {
    await using cluster = await openBaoForTest({ nodes: 1, initialize: false, tls: false });
    const [node] = cluster.nodes as [OpenBaoNode];
    expect(await cluster.call(node, "GET", "sys/health")).toMatchObject({
      statusCode: 501,
      body: { initialized: false },
    });
    expect(cluster.rootToken).toBe("");
  });

  it("ends every process when it is disposed of", async () => {
    const cluster = await openBaoForTest({ nodes: 3, initialize: false, tls: false });
    const pids = cluster.nodes.map(({ pid }) => pid);
    expect(pids.map(isRunning)).toEqual([true, true, true]);
    await cluster[Symbol.asyncDispose]();
    expect(pids.map(isRunning)).toEqual([false, false, false]);
  });
});

describeWith(["openbao", "openssl"], "a cluster whose KMS is another cluster", () => {
  let kms: OpenBaoCluster;
  let cluster: OpenBaoCluster;

  beforeAll(async () => {
    kms = await openBaoForTest({ nodes: 1, seal: { type: "static" }, namePrefix: "kms", clusterName: "kms" });
    cluster = await openBaoForTest({ nodes: 1, seal: { type: "transit", from: kms }, clusterName: "prod" });
  });

  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    await kms[Symbol.asyncDispose]();
  });

  it("stays sealed after a restart while the key is disabled, and unseals itself once it is enabled", async () => {
    const node = cluster.node("vault-0");
    await disableTransitKey(kms, "prod");
    await node.kill();
    await node.start();
    await waitFor("a failed unseal in the log", async () =>
      (await node.log()).includes("failed to unseal core") ? true : undefined,
    );
    expect(await healthOf(cluster, node)).toMatchObject({ initialized: true, sealed: true });
    await enableTransitKey(kms, "prod");
    await node.unseal();
    expect(await healthOf(cluster, node)).toMatchObject({ sealed: false });
  });

  it("cannot start a node while the KMS is gone, and starts it unsealed when it is back", async () => {
    const node = cluster.node("vault-0");
    await node.kill();
    await kms.stop();
    await expect(node.start()).rejects.toThrow(/cannot start vault-0: the process ended \(code 1\).*seal "transit"/su);
    expect(node.pid).toBeUndefined();
    await kms.node("kms-0").start();
    await kms.node("kms-0").unseal();
    await node.start();
    await node.unseal();
    expect(await healthOf(cluster, node)).toMatchObject({ sealed: false });
  });
});
