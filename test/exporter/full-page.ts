import type { Collector } from "../../src/exporter/collector.ts";
import { createCollectors } from "../../src/exporter/registry.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { listedWatch } from "../backup/fake-watch.ts";
import { createManualTime } from "../runner/manual-time.ts";
import { fakeCluster, NOW, type FakeCluster } from "./fake-cluster.ts";
import { clusterWith } from "./lease-walk/watched-cluster.ts";
import { recorded } from "./system-answers.ts";

/** FullWorld is clusters in so many states that every family has a sample. */
export type FullWorld = {
  readonly clusters: readonly FakeCluster[];
  readonly collectors: readonly Collector[];
  readonly stop: () => Promise<void>;
};

/** Has what only Vault Enterprise has, and a KMS. */
const ENTERPRISE = {
  name: "vault-0",
  state: "active" as const,
  health: {
    hasVaultOnlyKeys: true,
    enterprise: true,
    version: "2.0.4+ent",
    performanceStandby: false,
    removedFromCluster: false,
    haConnectionHealthy: true,
  },
  seal: { type: "awskms", recoverySeal: true },
};

const NATIVE = `vault_expire_leases_by_expiration{cluster="c",expiring="2026-11-22 04:00:00 +0000 UTC"} 7
vault_expire_num_leases 42
vault_quota_rate_limit_violation{cluster="c",name="global"} 17
vault_seal_unreachable_time{cluster="c"} 0
vault_token_count{cluster="c",namespace="root"} 40
vault_token_count_by_auth{auth_method="token",cluster="c",namespace="root"} 5
vault_token_count_by_policy{cluster="c",namespace="root",policy="default"} 42
vault_token_count_by_ttl{cluster="c",creation_ttl="+Inf",namespace="root"} 1
`;

/** Leases that a walk counts, and some that lie deeper than it goes. */
const LEASES = { "database/creds/app/": 5, "auth/userpass/login/alice/": 3 };
const TOO_DEEP = { "database/one/two/three/four/five/": 1 };

/** Creates the world, with two walks of leases done on two clusters, of which one could be counted whole. */
export async function createFullWorld(): Promise<FullWorld> {
  const time = createManualTime();
  const walked = [
    { ...clusterWith(LEASES), name: "walked" },
    { ...clusterWith(TOO_DEEP), name: "deep" },
  ];
  const clusters = [
    fakeCluster({
      name: "prod",
      nodes: [
        { name: "vault-0", state: "active" },
        { name: "vault-1", state: "standby" },
        { name: "vault-2", state: "sealed" },
        { name: "vault-3", state: "uninitialized" },
        { name: "vault-4", state: "unreachable" },
      ],
      irrevocable: { auth_userpass_1a2b: 2 },
    }),
    {
      ...fakeCluster({
        name: "found",
        nodes: [{ name: "vault-0", state: "active" }],
        discovery: {
          kind: "dns" as const,
          nodes: () => [],
          status: () => ({ stale: false, lastSuccessAt: NOW }),
        },
      }),
      authStats: () => ({ logins: 1, loginFailures: 0, renewals: 2, renewalFailures: 0 }),
    },
    fakeCluster({ name: "enterprise", nodes: [ENTERPRISE], metrics: NATIVE }),
    fakeCluster({
      name: "secondary",
      nodes: [ENTERPRISE],
      answers: { "sys/replication/status": recorded("vault-enterprise-replication-secondary") },
    }),
    ...walked,
  ];
  const settings = { interval: 60_000, requestsPerSecond: 100, maxRequests: 1000, maxDepth: 4, maxLatency: 3 };
  const leaseWalk = { ...time, clusters: walked, settings, lock: createMemoryStore().timedLock };
  const collectors = createCollectors({ backups: [listedWatch(NOW)], leaseWalk });
  const background = collectors.find(({ name }) => name === "lease-walk")?.background;
  background?.start();
  await time.advance(200_000);
  return { clusters, collectors, stop: async () => await background?.stop() };
}
