import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Auth } from "../../../src/config/sections/auth.ts";
import { readSecret } from "../../../src/config/secret-source.ts";
import type { LoginRole } from "../../../src/sandbox/vault/logins.ts";
import type { SimulatedCluster } from "../../../src/sandbox/vault/simulated-cluster.ts";
import { startSimulatedCluster } from "../../../src/sandbox/vault/start-simulated-cluster.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { createVaultCluster } from "../../../src/vault/create-cluster.ts";
import type { ClusterAddress } from "../../../src/vault/create-cluster.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";
import { createManualTime } from "../../runner/manual-time.ts";
import type { ManualTime } from "../../runner/manual-time.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const SECRET = "the-canary-secret";
const RULES: LoginRole["rules"] = [{ path: "sys/storage/raft/configuration", capabilities: ["read"] }];

const methods = [
  { mount: "approle", role: "role-id-1", auth: { method: "approle", roleId: "role-id-1" }, key: "secretId" },
  { mount: "kubernetes", role: "sealwatch", auth: { method: "kubernetes", role: "sealwatch" }, key: "jwtFile" },
  { mount: "jwt", role: "sealwatch", auth: { method: "jwt", role: "sealwatch" }, key: "jwt" },
] as const;

describe.each(methods)("logging in by $mount", (method) => {
  it("gives the calls a token, once, on the active node, and gives it back at the end", async () => {
    await using world = await startWorld(method);
    const { cluster, server } = world;

    await Promise.all(cluster.nodes.map(async (node) => await node.raftConfiguration()));
    await cluster.nodes[0]?.raftConfiguration();

    expect(loginsOf(server)).toEqual([{ method: "POST", path: `auth/${method.mount}/login`, node: server.leader() }]);
    expect(cluster.authStats?.()).toEqual({ logins: 1, loginFailures: 0, renewals: 0, renewalFailures: 0 });
    expect(server.logins.living()).toHaveLength(1);
    await cluster.close();
    expect(server.logins.living()).toEqual([]);
  });

  it("says what is wrong when it is refused, in no word the secret, and leaves the calls without a token alone", async () => {
    await using world = await startWorld(method);
    await world.setSecret("another-canary");
    const [node] = world.cluster.nodes;

    const error: unknown = await node?.raftConfiguration().catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      reason: "denied",
      message: expect.stringMatching(
        /^cannot call auth\/\w+\/login on vault-\d: the login was refused: ".+" \(40[03]\); check the role and the secret in clusters\[\]\.auth, and that its method is mounted at auth\/\w+\//u,
      ),
    });
    expect(String(error)).not.toContain("canary");
    await expect(node?.health()).resolves.toMatchObject({ sealed: false });
    await expect(node?.leader()).resolves.toMatchObject({ haEnabled: true });
    expect(world.cluster.authStats?.()).toMatchObject({ logins: 0, loginFailures: 1 });
  });

  it("reads the secret anew at each login", async () => {
    await using world = await startWorld(method);
    await world.setSecret("too-old");
    const [node] = world.cluster.nodes;
    await expect(node?.raftConfiguration()).rejects.toMatchObject({ reason: "denied" });

    await world.setSecret(SECRET);
    await world.time.advance(2000);

    await waitFor("a call with a token", async () => await node?.raftConfiguration());
    expect(loginsOf(world.server)).toHaveLength(2);
  });

  it("says that the secret is not there, with its file", async () => {
    await using world = await startWorld(method);
    await rm(world.secretFile);
    await expect(world.cluster.nodes[0]?.raftConfiguration()).rejects.toMatchObject({
      reason: "denied",
      message: expect.stringContaining(world.secretFile),
    });
  });
});

describe("a sealed cluster", () => {
  it("gets no login, and one as soon as it is unsealed", async () => {
    await using world = await startWorld();
    const { server, cluster, time } = world;
    for (const { name } of server.nodes) server.seal(name);
    const [node] = cluster.nodes;

    await expect(node?.raftConfiguration()).rejects.toMatchObject({
      reason: "sealed",
      message:
        "cannot log in to prod: no node is unsealed (vault-0: sealed, vault-1: sealed, vault-2: sealed); " +
        "unseal or start a node: the login is tried again by itself",
    });
    for (let round = 0; round < 4; round += 1) {
      const before = cluster.authStats?.().loginFailures ?? 0;
      await time.advance(30_000);
      await waitFor("another attempt", async () =>
        (cluster.authStats?.().loginFailures ?? 0) > before ? true : undefined,
      );
    }
    expect(loginsOf(server)).toEqual([]);

    for (const { name } of server.nodes) server.unseal(name);
    await time.advance(30_000);
    await waitFor("a login", async () => (cluster.authStats?.().logins === 1 ? true : undefined));
    await expect(cluster.node(server.leader() ?? "").raftConfiguration()).resolves.toBeDefined();
  });
});

describe("the node of a login", () => {
  it("is a standby where the active node is not configured: it forwards", async () => {
    await using world = await startWorld(methods[0], (server) =>
      server.nodes.filter(({ name }) => name !== server.leader()),
    );
    await expect(world.cluster.nodes[0]?.raftConfiguration()).resolves.toBeDefined();
    expect(loginsOf(world.server)[0]?.node).not.toBe(world.server.leader());
  });

  it("is not one that is frozen", async () => {
    await using world = await startWorld();
    world.server.freeze("vault-2");
    const [active] = world.cluster.nodes;
    await expect(active?.raftConfiguration()).resolves.toBeDefined();
    world.server.thaw("vault-2");
  });

  it("is never another cluster's: it would be told our secret", async () => {
    await using world = await startWorld(methods[0], undefined, { clusterId: "11111111-2222-3333-4444-555555555555" });
    await expect(world.cluster.nodes[0]?.raftConfiguration()).rejects.toMatchObject({
      reason: "unreachable",
      message: expect.stringContaining(`vault-0: another cluster's (${world.server.clusterId})`),
    });
    expect(loginsOf(world.server)).toEqual([]);
  });
});

describe("a token of ours", () => {
  it("that was revoked under us is found out by a denied call, and the next call has another", async () => {
    await using world = await startWorld();
    const { server, cluster } = world;
    const [node] = cluster.nodes;
    await node?.raftConfiguration();
    const [revoked] = server.logins.living();
    server.logins.revoke(revoked);

    await expect(node?.raftConfiguration()).rejects.toMatchObject({ reason: "denied" });

    await world.time.advance(2000);
    await waitFor("a call with another token", async () => await node?.raftConfiguration());
    expect(server.logins.living()).not.toContain(revoked);
    expect(loginsOf(server)).toHaveLength(2);
  });

  it("whose policy lacks a line stays, however often a call is denied", async () => {
    await using world = await startWorld();
    const { server, cluster } = world;
    const [node] = cluster.nodes;
    for (let scrape = 0; scrape < 5; scrape += 1) {
      await expect(node?.autopilotState()).rejects.toMatchObject({
        reason: "denied",
        message: expect.stringContaining(`path "sys/storage/raft/autopilot/state"`),
      });
    }
    await waitFor("the look at the token", async () =>
      server.calls.some(({ path }) => path === "auth/token/lookup-self") ? true : undefined,
    );
    expect(loginsOf(server)).toHaveLength(1);
    expect(server.calls.filter(({ path }) => path === "auth/token/lookup-self")).toHaveLength(1);
  });

  it("is renewed before it expires", async () => {
    await using world = await startWorld();
    const { server, cluster, time } = world;
    await cluster.nodes[0]?.raftConfiguration();
    const [token] = server.logins.living();
    for (let hour = 0; hour < 5; hour += 1) {
      const before = cluster.authStats?.().renewals ?? 0;
      await time.advance(0.7 * 3_600_000);
      await waitFor("a renewal", async () => ((cluster.authStats?.().renewals ?? 0) > before ? true : undefined));
    }
    expect(server.logins.living()).toEqual([token]);
  });
});

type World = AsyncDisposable & {
  readonly server: SimulatedCluster;
  readonly cluster: VaultCluster;
  readonly time: ManualTime;
  readonly secretFile: string;
  readonly setSecret: (secret: string) => Promise<void>;
};

async function startWorld(
  method: (typeof methods)[number] = methods[0],
  nodesOf: (server: SimulatedCluster) => ClusterAddress["nodes"] = ({ nodes }) => [...nodes],
  extra: Partial<ClusterAddress> = {},
): Promise<World> {
  const directory = await temporaryDirectory();
  const time = createManualTime();
  const server = await startSimulatedCluster({ clock: time.clock, clusterName: "prod" });
  const { mount, role, auth, key } = method;
  server.logins.allow({ mount, role, secret: SECRET, ttlSeconds: 3600, rules: RULES });
  const secretFile = join(directory.path, "secret");
  const setSecret = async (secret: string): Promise<void> => await writeFile(secretFile, `${secret}\n`);
  await setSecret(SECRET);
  const cluster = createVaultCluster(
    {
      name: "prod",
      product: "auto",
      tls: {},
      nodes: nodesOf(server),
      auth: Auth.parse({ ...auth, [key]: key === "jwtFile" ? secretFile : { file: secretFile } }),
      ...extra,
    },
    {
      identityMemory: { load: () => undefined, save: () => {} },
      login: {
        clock: time.clock,
        timers: time.timers,
        random: () => 1,
        readSecret: async (source) => await readSecret(source, { env: {} }),
      },
    },
  );
  const dispose = async (): Promise<void> => {
    await cluster.close();
    await server.close();
    await directory[Symbol.asyncDispose]();
  };
  return { server, cluster, time, secretFile, setSecret, [Symbol.asyncDispose]: dispose };
}

function loginsOf({ calls }: SimulatedCluster): SimulatedCluster["calls"] {
  return calls.filter(({ path }) => path.endsWith("/login"));
}
