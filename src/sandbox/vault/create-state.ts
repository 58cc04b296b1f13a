import { randomBytes, randomUUID } from "node:crypto";
import type { Clock, Timestamp } from "../../lib/clock.ts";
import type { ClusterSettings, ClusterState, NodeState } from "./cluster-state.ts";
import { createSystemState } from "./system-state.ts";

/** How a simulated cluster begins. Times are in milliseconds. */
export type SimulationOptions = {
  /** By it silent servers die, elections end and answers are dated. */
  readonly clock: Clock;
  /** How many nodes; default 3. */
  readonly nodes?: number;
  /** Their names; default `vault-0`, `vault-1` … */
  readonly names?: readonly string[];
  /** Whose answers are imitated where the two differ; default `openbao`. */
  readonly product?: "openbao" | "vault";
  readonly version?: string;
  readonly clusterName?: string;
  /** `shamir` (default), or any auto-unseal: `awskms`, `transit` … */
  readonly sealType?: string;
  readonly shares?: number;
  readonly threshold?: number;
  readonly rootToken?: string;
  readonly electionMs?: number;
  readonly deadAfterMs?: number;
  readonly stabilizationMs?: number;
  readonly stepDownMs?: number;
};

const DEFAULT_VERSIONS = { openbao: "2.7.2", vault: "1.21.2" } as const;

/** Creates the state of a cluster that is initialized and unsealed, and whose nodes are all voters. */
export function createState(options: SimulationOptions, now: Timestamp): ClusterState {
  const count = options.names?.length ?? options.nodes ?? 3;
  const names = options.names ?? Array.from({ length: count }, (_, index) => `vault-${index}`);
  const settings = createSettings(options);
  return {
    settings,
    clusterId: settings.clusterId,
    nodes: names.map((name) => createNode({ name, version: versionOf(options) }, now)),
    members: names.map((name) => ({ raftNodeId: name, joinedAt: now - settings.stabilizationMs })),
    leader: undefined,
    lastLeader: undefined,
    leaderlessSince: now - settings.electionMs,
    activeSince: now,
    term: 2,
    index: 40,
    kmsAvailable: true,
    system: createSystemState(now),
    leases: { total: 120, irrevocable: {} },
  };
}

function createSettings(options: SimulationOptions): ClusterSettings {
  const product = options.product ?? "openbao";
  const shares = options.shares ?? 3;
  return {
    product,
    clusterName: options.clusterName ?? "vault-cluster-simulated",
    clusterId: randomUUID(),
    sealType: options.sealType ?? "shamir",
    shares,
    threshold: options.threshold ?? Math.min(2, shares),
    unsealKeys: Array.from({ length: shares }, () => randomBytes(33).toString("base64")),
    electionMs: options.electionMs ?? 0,
    deadAfterMs: options.deadAfterMs ?? 10_000,
    stabilizationMs: options.stabilizationMs ?? 0,
    stepDownMs: options.stepDownMs ?? 10_000,
  };
}

function versionOf({ product = "openbao", version = DEFAULT_VERSIONS[product] }: SimulationOptions): string {
  return version;
}

function createNode({ name, version }: Pick<NodeState, "name" | "version">, now: Timestamp): NodeState {
  return {
    name,
    raftNodeId: name,
    version,
    address: "",
    clusterAddress: "",
    running: true,
    frozen: false,
    initialized: true,
    sealed: false,
    sealedByHand: false,
    removed: false,
    severed: false,
    clockBehindMs: 0,
    diskFull: false,
    cpuBusy: false,
    givenShares: new Set(),
    nonce: "",
    appliedIndex: 40,
    lastSeenAt: now,
    healthySince: now,
    noCandidateUntil: 0,
  };
}
