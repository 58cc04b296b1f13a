import { describe, expect, it } from "@jest/globals";
import type { Timestamp } from "../../../src/lib/clock.ts";
import { startSimulatedCluster } from "../../../src/sandbox/vault/start-simulated-cluster.ts";
import type { SimulatedCluster } from "../../../src/sandbox/vault/simulated-cluster.ts";
import type { SimulationOptions } from "../../../src/sandbox/vault/create-state.ts";

const START: Timestamp = Date.UTC(2026, 10, 22, 3);

describe("unsealing", () => {
  it("takes distinct shares on each node apart, and forgets them all when one is wrong", async () => {
    await using world = await start({ shares: 5, threshold: 3 });
    const { cluster } = world;
    cluster.seal("vault-1");
    const [first = "", second = "", third = ""] = cluster.unsealKeys;
    const wrong = Buffer.alloc(33, 7).toString("base64");

    expect(await give(world, "vault-1", first)).toMatchObject({ status: 200, body: { sealed: true, progress: 1 } });
    expect(await give(world, "vault-1", first)).toMatchObject({ status: 200, body: { progress: 1 } });
    expect(await give(world, "vault-1", second)).toMatchObject({ body: { progress: 2, nonce: expect.any(String) } });
    expect(await give(world, "vault-1", wrong)).toMatchObject({ status: 400 });
    expect(await get(world, "vault-1", "sys/seal-status")).toMatchObject({ body: { progress: 0, nonce: "" } });

    await give(world, "vault-1", first);
    expect(await call(world, "vault-1", "PUT", "sys/unseal", { reset: true })).toMatchObject({ body: { progress: 0 } });
    for (const share of [first, second]) await give(world, "vault-1", share);
    expect(await give(world, "vault-1", third)).toMatchObject({ status: 200, body: { sealed: false, progress: 0 } });
  });

  it("refuses what is no share", async () => {
    await using world = await start();
    world.cluster.seal("vault-1");
    expect(await give(world, "vault-1", "AAAA")).toMatchObject({
      status: 400,
      body: { errors: ["invalid key: key is shorter than minimum 16 bytes"] },
    });
    expect(await call(world, "vault-1", "PUT", "sys/unseal", {})).toMatchObject({ status: 400 });
  });

  it("is done by the KMS at a restart, unless it is gone, and never undoes a seal by hand", async () => {
    await using world = await start({ sealType: "awskms" });
    const { cluster } = world;
    cluster.setKms(false);
    await cluster.stop("vault-2");
    await cluster.start("vault-2");
    cluster.seal("vault-1");
    expect(await get(world, "vault-2", "sys/seal-status")).toMatchObject({
      body: { type: "awskms", sealed: true, recovery_seal: true },
    });
    expect(await give(world, "vault-2", cluster.unsealKeys[0] ?? "")).toMatchObject({ status: 200 });
    expect(await give(world, "vault-2", cluster.unsealKeys[1] ?? "")).toMatchObject({ status: 500 });

    cluster.setKms(true);

    expect(await get(world, "vault-2", "sys/health")).toMatchObject({ status: 429 });
    expect(await get(world, "vault-1", "sys/health")).toMatchObject({ status: 503 });
    await cluster.stop("vault-1");
    await cluster.start("vault-1");
    expect(await get(world, "vault-1", "sys/health")).toMatchObject({ status: 429 });
  });
});

describe("leadership", () => {
  it("is vacant for as long as an election takes", async () => {
    await using world = await start({ electionMs: 2000 });
    const former = world.cluster.leader() ?? "";
    world.cluster.seal(former);

    world.pass(1999);
    expect(world.cluster.leader()).toBeUndefined();
    world.pass(1);
    expect(world.cluster.leader()).not.toBe(former);
    expect(world.cluster.leader()).toBeDefined();
  });

  it("is given up by sys/step-down, and comes back to a lone node only after a while", async () => {
    await using three = await start();
    const former = three.cluster.leader() ?? "";
    expect(await call(three, former, "PUT", "sys/step-down")).toMatchObject({ status: 204 });
    expect(three.cluster.leader()).not.toBe(former);

    await using lone = await start({ nodes: 1 });
    await call(lone, "vault-0", "PUT", "sys/step-down");
    lone.pass(9999);
    expect(lone.cluster.leader()).toBeUndefined();
    lone.pass(1);
    expect(lone.cluster.leader()).toBe("vault-0");
  });

  it("goes to the node with the longest log, not to the first one", async () => {
    await using world = await start();
    await world.cluster.stop("vault-0");
    expect(world.cluster.leader()).toBe("vault-1");
    await world.cluster.stop("vault-1");
    expect(world.cluster.leader()).toBeUndefined();

    await world.cluster.start("vault-0");
    world.cluster.unseal("vault-0");

    expect(world.cluster.leader()).toBe("vault-2");
  });

  it("is lost by a frozen leader, which answers what it was asked when it is thawed", async () => {
    await using world = await start();
    world.cluster.freeze("vault-0");
    expect(world.cluster.leader()).toBe("vault-1");

    const answer = get(world, "vault-0", "sys/leader");
    world.cluster.thaw("vault-0");

    expect(await answer).toMatchObject({
      status: 200,
      body: { is_self: false, leader_address: addressOf(world, "vault-1") },
    });
  });

  it("needs a majority of the members that are left after a removal", async () => {
    await using world = await start();
    await world.cluster.stop("vault-1");
    await world.cluster.stop("vault-2");
    expect(world.cluster.leader()).toBeUndefined();
    await world.cluster.start("vault-1");
    world.cluster.unseal("vault-1");
    const leader = world.cluster.leader() ?? "";
    await call(world, leader, "POST", "sys/storage/raft/remove-peer", { server_id: "vault-2" });

    await world.cluster.stop("vault-1");

    expect(world.cluster.leader()).toBeUndefined();
  });
});

describe("autopilot", () => {
  it("calls a silent server unhealthy after its time, and tolerates one failure less", async () => {
    await using world = await start({ deadAfterMs: 10_000 });
    await world.cluster.stop("vault-2");

    world.pass(10_000);
    expect(await autopilot(world)).toMatchObject({ healthy: true, failure_tolerance: 1 });
    world.pass(1);
    const state = await autopilot(world);
    expect(state).toMatchObject({ healthy: false, failure_tolerance: 0 });
    expect(state.servers["vault-2"]).toMatchObject({ healthy: false, status: "voter", last_contact: "10.001s" });

    await world.cluster.start("vault-2");
    world.cluster.unseal("vault-2");
    expect(await autopilot(world)).toMatchObject({ healthy: true, failure_tolerance: 1 });
  });
});

describe("membership", () => {
  it("lets a node come back empty, join, unseal and get its vote after a while", async () => {
    await using world = await start({ stabilizationMs: 10_000 });
    const { cluster } = world;
    await cluster.stop("vault-2");
    expect(() => cluster.removeData("vault-1")).toThrow("vault-1 runs: stop it before its data is removed");
    cluster.removeData("vault-2");
    await cluster.start("vault-2");
    expect(await get(world, "vault-2", "sys/health")).toMatchObject({ status: 501, body: { initialized: false } });
    expect(await get(world, "vault-2", "sys/init")).toMatchObject({ status: 200, body: { initialized: false } });
    await call(world, "vault-0", "POST", "sys/storage/raft/remove-peer", { server_id: "vault-2" });

    cluster.rejoin("vault-2");
    cluster.unseal("vault-2");

    const voter = async (): Promise<unknown> => (await autopilot(world)).servers["vault-2"]?.status;
    expect(await voter()).toBe("non-voter");
    world.pass(10_000);
    expect(await voter()).toBe("voter");
    expect(() => cluster.rejoin("vault-2")).toThrow("vault-2 still has data: remove it first");
  });

  it("starts a node with another version, which it and autopilot say, and the others do not", async () => {
    await using world = await start();
    const { cluster } = world;
    await cluster.stop("vault-2");
    cluster.setVersion("vault-2", "2.8.0");
    await cluster.start("vault-2");
    cluster.unseal("vault-2");

    for (const path of ["sys/health", "sys/seal-status"]) {
      expect(await get(world, "vault-2", path)).toMatchObject({ body: { version: "2.8.0" } });
      expect(await get(world, "vault-1", path)).toMatchObject({ body: { version: "2.7.2" } });
    }
    expect((await autopilot(world)).servers).toMatchObject({
      "vault-1": { version: "2.7.2" },
      "vault-2": { version: "2.8.0" },
    });
  });

  it("makes an empty node a cluster of its own, and a restored snapshot seals it and gives it its old name back", async () => {
    await using world = await start();
    const { cluster } = world;
    const clusterId = async (): Promise<unknown> => (await get(world, "vault-0", "sys/health")).body;
    for (const { name } of cluster.nodes) await cluster.stop(name);
    cluster.removeData("vault-0");
    await cluster.start("vault-0");

    cluster.initialize("vault-0");
    expect(cluster.leader()).toBe("vault-0");
    expect(await clusterId()).toMatchObject({
      sealed: false,
      cluster_id: expect.not.stringMatching(cluster.clusterId),
    });
    expect(() => cluster.initialize("vault-0")).toThrow("vault-0 still has data: remove it first");

    cluster.restore("vault-0", "own");
    expect(await clusterId()).toMatchObject({ sealed: true });
    cluster.unseal("vault-0");
    expect(await clusterId()).toMatchObject({ sealed: false, cluster_id: cluster.clusterId });

    cluster.restore("vault-0", "other");
    cluster.unseal("vault-0");
    expect(await clusterId()).toMatchObject({ cluster_id: expect.not.stringMatching(cluster.clusterId) });
  });

  it("removes a live node without telling it: OpenBao's goes on as a standby, Vault's shuts itself", async () => {
    await using openbao = await start();
    await call(openbao, "vault-0", "POST", "sys/storage/raft/remove-peer", { server_id: "vault-2" });
    expect(await get(openbao, "vault-2", "sys/health")).toMatchObject({ status: 429, body: { sealed: false } });

    await using vault = await start({ product: "vault" });
    await call(vault, "vault-0", "POST", "sys/storage/raft/remove-peer", { server_id: "vault-2" });
    expect(await get(vault, "vault-2", "sys/health")).toMatchObject({
      status: 530,
      body: { removed_from_cluster: true },
    });
  });
});

describe("HashiCorp's Vault", () => {
  it("has keys in sys/health that OpenBao has not, and 474 for a standby without a leader", async () => {
    await using world = await start({ product: "vault" });
    expect(await get(world, "vault-1", "sys/health")).toMatchObject({
      status: 429,
      body: { performance_standby: false },
    });
    await world.cluster.stop("vault-0");
    await world.cluster.stop("vault-2");
    expect(await get(world, "vault-1", "sys/health")).toMatchObject({
      status: 474,
      body: { ha_connection_healthy: false },
    });
  });

  it("redirects a standby's metrics, and does not seal a standby", async () => {
    await using world = await start({ product: "vault" });
    const metrics = await get(world, "vault-1", "sys/metrics?format=prometheus");
    expect(metrics).toMatchObject({ status: 307, location: `${addressOf(world, "vault-0")}/v1/sys/metrics` });
    expect(await call(world, "vault-1", "PUT", "sys/seal")).toMatchObject({ status: 500 });
  });
});

describe("tokens", () => {
  it("may do what their rules say and what every token may, and nothing else", async () => {
    await using world = await start();
    world.cluster.policy("s.few", [
      { path: "sys/storage/raft/*", capabilities: ["read"] },
      { path: "sys/storage/raft/remove-peer", capabilities: [] },
      { path: "sys/step-down", capabilities: ["update"] },
    ]);
    const few = async (method: string, path: string, body?: unknown): Promise<number> =>
      (await call(world, "vault-0", method, path, body, "s.few")).status;

    expect(await few("GET", "sys/storage/raft/configuration")).toBe(200);
    expect(await few("POST", "sys/storage/raft/remove-peer", { server_id: "x" })).toBe(403);
    // It has update, and lacks sudo.
    expect(await few("PUT", "sys/step-down")).toBe(403);
    expect(await few("GET", "sys/metrics")).toBe(403);
    expect(await few("GET", "auth/token/lookup-self")).toBe(200);
    expect(
      await call(world, "vault-0", "POST", "sys/capabilities-self", { paths: ["sys/seal"] }, "s.few"),
    ).toMatchObject({
      body: { "sys/seal": ["deny"], data: { "sys/seal": ["deny"] } },
    });
    expect(await call(world, "vault-0", "GET", "sys/metrics", undefined, "")).toMatchObject({ status: 403 });
  });
});

describe("what it does not know", () => {
  it.each([
    { method: "GET", path: "nonsense", status: 404, error: 'no handler for route "nonsense". route entry not found.' },
    { method: "GET", path: "sys/nonsense", status: 404, error: "1 error occurred:\n\t* unsupported path\n\n" },
    { method: "GET", path: "sys/leases/count", status: 404, error: undefined },
    { method: "POST", path: "sys/storage/raft/remove-peer", status: 400, error: "no server id provided" },
  ])("answers $method $path as Vault does", async ({ method, path, status, error }) => {
    await using world = await start();
    const errors = error === undefined ? [] : [error];
    const body = method === "GET" ? undefined : {};
    expect(await call(world, "vault-0", method, path, body)).toMatchObject({ status, body: { errors } });
  });

  it("answers 405 to a verb that sys/health does not take, and 400 to another format of the metrics", async () => {
    await using world = await start();
    expect(await call(world, "vault-0", "DELETE", "sys/health")).toMatchObject({ status: 405 });
    expect(await get(world, "vault-0", "sys/metrics?format=json")).toMatchObject({
      status: 400,
      body: 'metric response format "json" unknown',
    });
  });
});

describe("faults", () => {
  it("drops the answer after the effect, and before it", async () => {
    await using world = await start();
    const members = async (): Promise<number> =>
      (await get(world, "vault-0", "sys/storage/raft/configuration")).body.data.config.servers.length;
    const path = "sys/storage/raft/remove-peer";
    const broken = { cause: expect.objectContaining({ code: "UND_ERR_SOCKET" }) };

    world.cluster.failNext(path, "drop-before");
    await expect(call(world, "vault-0", "POST", path, { server_id: "vault-1" })).rejects.toMatchObject(broken);
    expect(await members()).toBe(3);
    world.cluster.failNext(path, "drop-after-effect");
    await expect(call(world, "vault-0", "POST", path, { server_id: "vault-2" })).rejects.toMatchObject(broken);

    expect(await members()).toBe(2);
    world.cluster.failNext(path, "500");
    expect(await call(world, "vault-0", "POST", path, { server_id: "vault-1" })).toMatchObject({ status: 500 });
    expect(await members()).toBe(2);
  });

  it("refuses connections while stopped, on the same address after", async () => {
    await using world = await start();
    await world.cluster.stop("vault-1");
    await expect(get(world, "vault-1", "sys/health")).rejects.toMatchObject({
      cause: expect.objectContaining({ code: "ECONNREFUSED" }),
    });
    await world.cluster.start("vault-1");
    expect(await get(world, "vault-1", "sys/health")).toMatchObject({ status: 503 });
  });

  it("keeps a log of calls without tokens", async () => {
    await using world = await start();
    await get(world, "vault-1", "sys/metrics?format=prometheus");
    expect(world.cluster.calls).toEqual([{ method: "GET", path: "sys/metrics", node: "vault-1" }]);
  });

  it("counts leases as told", async () => {
    await using world = await start();
    world.cluster.setLeases({ total: 70_000, irrevocable: { auth_token_1: 3, database_2: 4 } });
    expect(await get(world, "vault-0", "sys/leases/count?type=irrevocable")).toMatchObject({
      body: { data: { lease_count: 7, counts: { auth_token_1: 3, database_2: 4 } } },
    });
    const { body } = await get(world, "vault-0", "sys/metrics?format=prometheus");
    expect(body).toContain("\nvault_expire_num_leases 70000\n");
    expect((await get(world, "vault-1", "sys/metrics?format=prometheus")).body).not.toContain(
      "vault_expire_num_leases",
    );
  });

  it("answers late when told to, and at once again after", async () => {
    await using world = await start();
    world.cluster.setLatency(3_600_000);
    const address = `${addressOf(world, "vault-0")}/v1/sys/health`;
    await expect(fetch(address, { signal: AbortSignal.timeout(30) })).rejects.toThrow("aborted due to timeout");
    world.cluster.setLatency(0);
    expect(await get(world, "vault-0", "sys/health")).toMatchObject({ status: 200 });
  });
});

type World = AsyncDisposable & { readonly cluster: SimulatedCluster; readonly pass: (milliseconds: number) => void };

// oxlint-disable-next-line typescript/no-explicit-any -- the tests look into answers of many shapes.
type Answer = { readonly status: number; readonly location: string | undefined; readonly body: any };

async function start(options: Partial<SimulationOptions> = {}): Promise<World> {
  let now = START;
  const cluster = await startSimulatedCluster({ ...options, clock: { now: () => now } });
  return {
    cluster,
    pass: (milliseconds) => {
      now += milliseconds;
    },
    [Symbol.asyncDispose]: cluster.close,
  };
}

async function call(
  { cluster }: World,
  node: string,
  method: string,
  path: string,
  body?: unknown,
  token = cluster.rootToken,
): Promise<Answer> {
  const response = await fetch(`${addressOf({ cluster }, node)}/v1/${path}`, {
    method,
    redirect: "manual",
    headers: { "x-vault-token": token, connection: "close" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = text.startsWith("{");
  return {
    status: response.status,
    location: response.headers.get("location") ?? undefined,
    body: isJson ? JSON.parse(text) : text,
  };
}

async function get(world: World, node: string, path: string): Promise<Answer> {
  return await call(world, node, "GET", path);
}

async function give(world: World, node: string, key: string): Promise<Answer> {
  return await call(world, node, "PUT", "sys/unseal", { key });
}

async function autopilot(world: World): Promise<{
  readonly servers: Readonly<Record<string, { readonly status: string }>>;
}> {
  const leader = world.cluster.leader() ?? "";
  return (await get(world, leader, "sys/storage/raft/autopilot/state")).body.data;
}

function addressOf({ cluster }: Pick<World, "cluster">, name: string): string {
  return cluster.nodes.find((node) => node.name === name)?.address ?? "no such node";
}
