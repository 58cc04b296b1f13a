import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { Agent, Dispatcher } from "undici";
import { Secret } from "../../src/lib/secret.ts";
import type { PolicyRule } from "../../src/lib/vault-policy.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { createVaultCluster } from "../../src/vault/create-cluster.ts";
import type { ClusterAddress, ClusterDependencies } from "../../src/vault/create-cluster.ts";
import type { ClusterIdentity, IdentityMemory, VaultCluster, VaultNode } from "../../src/vault/cluster.ts";
import { createDispatcher } from "../../src/vault/dispatcher.ts";
import { readNodeTls } from "../../src/vault/node-tls.ts";
import { sysMetrics } from "../../src/vault/endpoints/sys-metrics.ts";
import { createVaultTransport } from "../../src/vault/http-transport.ts";
import { changesContract } from "./vault-changes.contract.ts";
import { leasesContract } from "./vault-leases.contract.ts";
import { systemContract } from "./vault-system.contract.ts";

/** ContractCluster is three nodes, initialised, unsealed, led, with a Shamir seal; simulated or real. */
export type ContractCluster = AsyncDisposable & {
  readonly name: string;
  readonly nodes: readonly { readonly name: string; readonly address: string; readonly raftNodeId: string }[];
  /** PEM file of the authority; undefined without TLS. */
  readonly caFile: string | undefined;
  readonly rootToken: string;
  readonly createToken: (rules: readonly PolicyRule[]) => Promise<string>;
  /** Each does nothing when it is already so. */
  readonly seal: (name: string) => Promise<void>;
  readonly unseal: (name: string) => Promise<void>;
  readonly stop: (name: string) => Promise<void>;
  readonly start: (name: string) => Promise<void>;
};

/** What `createVaultCluster` must do with any cluster that speaks Vault's API. Runs against the simulation and the real one. */
export function vaultContract(start: () => Promise<ContractCluster>): void {
  let server: ContractCluster;
  const opened: VaultCluster[] = [];

  const open = (options: OpenOptions = {}): VaultCluster => {
    const cluster = openCluster(server, options);
    opened.push(cluster);
    return cluster;
  };

  beforeAll(async () => {
    server = await start();
  });

  afterEach(async () => {
    await heal(server);
    await Promise.all(opened.splice(0).map(async (cluster) => await cluster.close()));
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  describe("each node's own word", () => {
    it("says of the active node that it is unsealed, active and part of the cluster", async () => {
      const active = await open().activeNode();

      const health = await active.health();
      expect(health).toMatchObject({ statusCode: 200, initialized: true, sealed: false, standby: false });
      expect(health.clusterName).toBe(server.name);
      expect(Math.abs(health.serverTimeSeconds - Date.now() / 1000)).toBeLessThan(5);

      const leader = await active.leader();
      expect(leader).toMatchObject({ haEnabled: true, isSelf: true });
      expect(Date.parse(leader.activeTime ?? "")).toBeLessThanOrEqual(Date.now());
      expect(leader.raftAppliedIndex).toBeGreaterThan(0);
    });

    it("says of a standby that it is one, and whom it follows", async () => {
      const cluster = open();
      const active = await cluster.activeNode();

      for (const standby of others(cluster, active)) {
        expect(await standby.health()).toMatchObject({ statusCode: 429, sealed: false, standby: true });
        const leader = await standby.leader();
        expect(leader).toMatchObject({ isSelf: false, activeTime: undefined, leaderAddress: active.address });
      }
    });

    it("says of a sealed node what its seal needs, and nothing of the cluster", async () => {
      const cluster = open();
      const [standby] = others(cluster, await cluster.activeNode());
      await server.seal(nameOf(standby));

      expect(await standby?.health()).toMatchObject({ statusCode: 503, sealed: true, clusterId: undefined });
      expect(await standby?.sealStatus()).toMatchObject({
        type: "shamir",
        initialized: true,
        sealed: true,
        threshold: 2,
        shares: 3,
        progress: 0,
        recoverySeal: false,
        storageType: "raft",
        clusterId: undefined,
      });
      await expect(standby?.leader()).rejects.toMatchObject({ reason: "sealed" });
    });

    it("says of a stopped node that it is unreachable, with the cause in words", async () => {
      const cluster = open();
      const [standby] = others(cluster, await cluster.activeNode());
      await server.stop(nameOf(standby));

      await expect(standby?.health()).rejects.toMatchObject({
        reason: "unreachable",
        message: `cannot read sys/health on ${nameOf(standby)}: nothing listens at ${standby?.address ?? ""} (connection refused); check that the server runs`,
      });
    });

    it("names the product without being told", async () => {
      expect(await open().product()).toBe("openbao");
    });
  });

  describe("token-free calls", () => {
    it("work without any token while every node is sealed, and identity is what was remembered", async () => {
      const memory = remembering();
      const seen = await open({ memory }).identity();
      expect(seen).toMatchObject({ clusterName: server.name });
      await restartSealed(server);

      const cluster = open({ memory, token: undefined });
      for (const node of cluster.nodes) {
        expect(await node.health()).toMatchObject({ statusCode: 503, sealed: true });
        expect(await node.sealStatus()).toMatchObject({ sealed: true, progress: 0 });
      }
      expect(await cluster.identity()).toEqual(seen);
      await expect(cluster.activeNode()).rejects.toMatchObject({
        reason: "no-leader",
        message: expect.stringContaining(`${server.nodes[0]?.name}: sealed`),
      });
    });

    it("notice another cluster at the address", async () => {
      const clusterId = "00000000-0000-0000-0000-000000000000";
      await expect(open({ clusterId }).identity()).rejects.toMatchObject({
        reason: "wrong-cluster",
        message: expect.stringContaining(clusterId),
      });
    });
  });

  describe("calls with a token", () => {
    it("read raft's members and their leader", async () => {
      const active = await open().activeNode();

      const { servers } = await active.raftConfiguration();

      expect(servers.map(({ nodeId }) => nodeId).sort()).toEqual(server.nodes.map(({ raftNodeId }) => raftNodeId));
      expect(servers.filter(({ leader }) => leader).map(({ nodeId }) => nodeId)).toEqual([active.raftNodeId]);
      expect(servers.every(({ voter }) => voter)).toBe(true);
    });

    it("read autopilot's view", async () => {
      const active = await open().activeNode();
      const state = await waitFor("autopilot with three healthy voters", async () => {
        const seen = await active.autopilotState();
        return seen.healthy && seen.failureTolerance === 1 ? seen : undefined;
      });

      expect(state.leader).toBe(active.raftNodeId);
      expect([...state.voters].sort()).toEqual(server.nodes.map(({ raftNodeId }) => raftNodeId));
      for (const each of state.servers) {
        expect(each.healthy).toBe(true);
        expect(each.lastContactMs).toBeGreaterThanOrEqual(0);
        expect(each.status).toBe(each.id === active.raftNodeId ? "leader" : "voter");
        expect(Number.isSafeInteger(each.lastIndex)).toBe(true);
      }
    });

    it("read the irrevocable leases", async () => {
      const active = await open().activeNode();
      expect(await active.irrevocableLeases()).toEqual({ total: 0, byMountAccessor: {} });
    });

    it("read the node's own metrics as text", async () => {
      const active = await open().activeNode();
      const page = await waitFor("a page with the active node's gauge", async () => {
        const text = await pageOf(active);
        return /^vault_expire_num_leases \d/mu.test(text) ? text : undefined;
      });
      expect(page).toMatch(/^vault_core_active\{cluster="[^"]+"\} 1$/mu);
      expect(page).toMatch(/^vault_audit_log_request_failure \d+$/mu);
      const families = [...page.matchAll(/^# TYPE (?<name>\S+)/gmu)].map(({ groups }) => groups?.["name"] ?? "");
      expect(families).toEqual(families.toSorted((left, right) => (left < right ? -1 : 1)));
    });

    it("fail on a sealed node with reason sealed", async () => {
      const cluster = open();
      const [standby] = others(cluster, await cluster.activeNode());
      await server.seal(nameOf(standby));

      await expect(standby?.raftConfiguration()).rejects.toMatchObject({
        reason: "sealed",
        message: expect.stringContaining(nameOf(standby)),
      });
    });

    it("name the line that the policy lacks when they are denied, and never the token", async () => {
      const token = await server.createToken([{ path: "sys/metrics", capabilities: ["read"] }]);
      const active = await open({ token }).activeNode();

      expect(await pageOf(active)).toContain("vault_core_active");
      const line = `add: path "sys/storage/raft/remove-peer" { capabilities = ["update"] }`;
      const denied = await active.removeRaftPeer("nobody").catch((error: unknown) => error);
      expect(denied).toMatchObject({ reason: "denied", message: expect.stringContaining(line) });
      expect(String(denied)).not.toContain(token);
      await expect(active.raftConfiguration()).rejects.toMatchObject({
        message: expect.stringContaining(`add: path "sys/storage/raft/configuration" { capabilities = ["read"] }`),
      });
    });

    it("are denied with a token that nobody knows", async () => {
      const active = await open({ token: "s.000000000000000000000000" }).activeNode();
      await expect(active.autopilotState()).rejects.toMatchObject({ reason: "denied" });
    });

    it("do not follow a standby that points to the active node", async () => {
      const cluster = open({ forwarding: "forbidden" });
      const active = await cluster.activeNode();
      const [standby] = others(cluster, active);

      await expect(standby?.removeRaftPeer("nobody")).rejects.toMatchObject({
        reason: "standby",
        message: expect.stringContaining(`it is a standby and points to ${active.address}`),
      });
    });
  });

  systemContract({ server: () => server, open });
  leasesContract({ server: () => server, open });
  changesContract({ server: () => server, open });

  describe("removing a raft peer", () => {
    it("changes nothing when the id is unknown", async () => {
      const active = await open().activeNode();
      const before = await active.raftConfiguration();

      await active.removeRaftPeer("nobody");

      expect(await active.raftConfiguration()).toEqual(before);
    });

    it("removes a stopped one for good", async () => {
      const own = await start();
      const cluster = openCluster(own, {});
      try {
        const active = await cluster.activeNode();
        const [gone] = others(cluster, active);
        await own.stop(nameOf(gone));

        await active.removeRaftPeer(gone?.raftNodeId ?? "");

        const { servers } = await active.raftConfiguration();
        expect(servers.map(({ nodeId }) => nodeId)).not.toContain(gone?.raftNodeId);
        expect(servers).toHaveLength(2);
      } finally {
        await cluster.close();
        await own[Symbol.asyncDispose]();
      }
    });
  });

  describe("leadership", () => {
    it("moves to another node when the leader is sealed", async () => {
      const cluster = open();
      const former = await cluster.activeNode();
      await server.seal(former.name);

      const successor = await waitFor("another active node", async () => await cluster.activeNode());

      expect(successor.name).not.toBe(former.name);
      await expect(former.leader()).rejects.toMatchObject({ reason: "sealed" });
      const { servers } = await successor.raftConfiguration();
      expect(servers).toHaveLength(3);
    });

    it("is nobody's when the leader lost its followers, and the former leader says so", async () => {
      const cluster = open();
      const former = await cluster.activeNode();
      await Promise.all(others(cluster, former).map(async ({ name }) => await server.stop(name)));

      await waitFor("the leader to give up", async () => ((await former.leader()).isSelf ? undefined : true));

      await expect(cluster.activeNode()).rejects.toMatchObject({
        reason: "no-leader",
        message: expect.stringContaining(`${former.name}: standby, knows of no leader`),
      });
      expect(await former.health()).toMatchObject({ statusCode: 429, sealed: false, standby: true });
      await expect(former.autopilotState()).rejects.toMatchObject({ reason: "no-leader", retryable: true });
      await expect(former.removeRaftPeer("nobody")).rejects.toMatchObject({ reason: "no-leader" });
    });

    it("is nobody's when the leader and a follower died, although the last node goes on naming the dead", async () => {
      const cluster = open();
      const former = await cluster.activeNode();
      const [follower, last] = others(cluster, former);
      await server.stop(nameOf(follower));
      await server.stop(former.name);

      await expect(cluster.activeNode()).rejects.toMatchObject({
        reason: "no-leader",
        message: expect.stringContaining(`${nameOf(last)}: standby, names ${former.address}`),
      });
      expect(await last?.health()).toMatchObject({ statusCode: 429, sealed: false, standby: true });
      await expect(last?.removeRaftPeer("nobody")).rejects.toMatchObject({
        reason: "standby",
        message: expect.stringContaining(former.address),
      });
    });
  });
}

type OpenOptions = {
  readonly token?: string | undefined;
  readonly memory?: IdentityMemory;
  readonly clusterId?: string;
  readonly forwarding?: "forbidden";
};

function openCluster(server: ContractCluster, options: OpenOptions): VaultCluster {
  const token = "token" in options ? options.token : server.rootToken;
  const config: ClusterAddress = {
    name: server.name,
    product: "auto",
    nodes: [...server.nodes],
    tls: { caFile: server.caFile },
    ...(token === undefined ? {} : { token: { env: "TOKEN" } }),
    ...(options.clusterId === undefined ? {} : { clusterId: options.clusterId }),
  };
  const transportFor = options.forwarding === undefined ? {} : { transportFor: unforwarded(server) };
  return createVaultCluster(config, {
    identityMemory: options.memory ?? remembering(),
    env: token === undefined ? {} : { TOKEN: token },
    ...transportFor,
  });
}

/** Adds the header by which a standby answers 307 instead of forwarding: the product never sends it. */
function unforwarded(server: ContractCluster): NonNullable<ClusterDependencies["transportFor"]> {
  return ({ name, address }) => {
    const tls = readNodeTls({ name, address }, { caFile: server.caFile });
    const pool = createDispatcher({ tls, connectMs: 2000 }) as Agent;
    const dispatcher: Dispatcher = pool.compose((dispatch) => (request, handler) => {
      const headers = { ...(request.headers as Record<string, string>), "x-vault-no-request-forwarding": "1" };
      return dispatch({ ...request, headers }, handler);
    });
    const transport = createVaultTransport({
      node: { name, address },
      tokens: {
        read: { read: async () => await Promise.resolve(new Secret(server.rootToken)) },
        operate: { read: async () => await Promise.resolve(new Secret(server.rootToken)) },
      },
      dispatcher,
    });
    return { ...transport, close: async () => await pool.destroy() };
  };
}

function remembering(): IdentityMemory {
  const held = new Map<string, ClusterIdentity>();
  return { load: (cluster) => held.get(cluster), save: (cluster, identity) => void held.set(cluster, identity) };
}

function others(cluster: VaultCluster, node: VaultNode): readonly VaultNode[] {
  return cluster.nodes.filter(({ name }) => name !== node.name);
}

function nameOf(node: VaultNode | undefined): string {
  if (node === undefined) throw new Error("the cluster has fewer nodes than the test needs");
  return node.name;
}

async function restartSealed(server: ContractCluster): Promise<void> {
  await Promise.all(server.nodes.map(async ({ name }) => await server.stop(name)));
  await Promise.all(server.nodes.map(async ({ name }) => await server.start(name)));
}

/** Undoes whatever a test did, and waits until the cluster is led and every other node follows. */
async function heal(server: ContractCluster): Promise<void> {
  await Promise.all(server.nodes.map(async ({ name }) => await server.start(name)));
  await Promise.all(server.nodes.map(async ({ name }) => await server.unseal(name)));
  const cluster = openCluster(server, {});
  try {
    await waitFor("a cluster in which all follow one leader", async () => {
      const active = await cluster.activeNode();
      const followed = await Promise.all(
        others(cluster, active).map(async (node) => (await node.leader()).leaderAddress),
      );
      return followed.every((address) => address === active.address) ? true : undefined;
    });
  } finally {
    await cluster.close();
  }
}

/** A node's own metrics, as text. */
async function pageOf(node: VaultNode): Promise<string> {
  const { body } = await node.stream(sysMetrics);
  return (await Array.fromAsync(body)).map((chunk) => Buffer.from(chunk).toString("utf8")).join("");
}
