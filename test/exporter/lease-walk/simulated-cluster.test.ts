import { describe, expect, it } from "@jest/globals";
import { systemClock } from "../../../src/app/system.ts";
import { createLeaseWalkCollector } from "../../../src/exporter/collectors/lease-walk.ts";
import { walkActiveNode } from "../../../src/exporter/lease-walk/walk-active-node.ts";
import type { Walk } from "../../../src/exporter/lease-walk/walk-leases.ts";
import type { SimulatedCluster } from "../../../src/sandbox/vault/simulated-cluster.ts";
import { startSimulatedCluster } from "../../../src/sandbox/vault/start-simulated-cluster.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";
import { createVaultCluster } from "../../../src/vault/create-cluster.ts";
import { impatient } from "./watched-cluster.ts";

const LOOKUP = "sys/leases/lookup/";
const IDS = [
  ...Array.from({ length: 5000 }, (_, at) => `database/creds/app/h${at}`),
  "auth/token/create/h1",
  "auth/userpass/login/alice/h1",
  "auth/userpass/login/bob/h1",
];

type World = AsyncDisposable & { readonly server: SimulatedCluster; readonly walk: () => Promise<Walk> };

async function start(options: { readonly product?: "vault" } = {}): Promise<World> {
  const server = await startSimulatedCluster({ clock: systemClock, ...options });
  server.setLeases({ total: IDS.length, irrevocable: {}, ids: IDS });
  server.policy("s.walker", createLeaseWalkCollector().policy);
  const cluster = view(server);
  const walk = async () =>
    await walkActiveNode({
      cluster,
      tally: new Map(),
      limits: { requestsPerSecond: 100, maxRequests: 100, maxDepth: 4, maxLatency: 1000 },
      clock: systemClock,
      timers: impatient,
      signal: new AbortController().signal,
    });
  const dispose = async (): Promise<void> => {
    await cluster.close();
    await server.close();
  };
  return { server, walk, [Symbol.asyncDispose]: dispose };
}

function view(server: SimulatedCluster): VaultCluster {
  return createVaultCluster(
    {
      name: "prod",
      product: "auto",
      clusterId: undefined,
      nodes: server.nodes.map(({ name, address }) => ({ name, address })),
      tls: {},
      token: { env: "TOKEN" },
      operatorToken: undefined,
    },
    { identityMemory: { load: () => undefined, save: () => {} }, env: { TOKEN: "s.walker" } },
  );
}

const lists = ({ calls }: SimulatedCluster) => calls.filter(({ path }) => path.startsWith(LOOKUP));

describe("a walk over real sockets", () => {
  it("counts every lease, at the active node alone, with exactly the policy of the collector", async () => {
    await using world = await start();

    const { mounts, shortfall } = await world.walk();

    expect(shortfall).toBeUndefined();
    const counted = Object.fromEntries([...mounts].map(([mount, { leases }]) => [mount, leases]));
    expect(counted).toMatchObject({ "database/": 5000, "auth/token/": 1, "auth/userpass/": 2, "auth/approle/": 0 });
    expect(new Set(lists(world.server).map(({ node }) => node))).toEqual(new Set([world.server.leader()]));
  });

  it.each([
    { name: "a connection that breaks off", fault: "drop-before" as const, reason: "unreachable" },
    { name: "an error of the server", fault: "500" as const, reason: "server-error" },
  ])("ends at $name, and asks for nothing more", async ({ fault, reason }) => {
    await using world = await start();
    world.server.failNext(`${LOOKUP}auth/userpass/`, fault);

    const { shortfall } = await world.walk();

    expect(shortfall).toMatchObject({ reason });
    expect(lists(world.server).at(-1)?.path).toBe(`${LOOKUP}auth/userpass/`);
  });

  it("does not begin where nobody leads", async () => {
    await using world = await start();
    for (const name of ["vault-0", "vault-1"]) world.server.seal(name);

    expect(await world.walk()).toMatchObject({ requests: 0, shortfall: { reason: "no-leader" } });
    expect(lists(world.server)).toEqual([]);
  });

  it("says what the policy lacks", async () => {
    await using world = await start({ product: "vault" });
    world.server.policy("s.walker", [{ path: "sys/mounts", capabilities: ["read"] }]);

    expect(await world.walk()).toMatchObject({
      requests: 0,
      shortfall: { reason: "denied", message: expect.stringContaining(`path "sys/auth" { capabilities = ["read"] }`) },
    });
  });
});
