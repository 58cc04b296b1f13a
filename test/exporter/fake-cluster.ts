import { setImmediate as immediately } from "node:timers/promises";
import { FAILURE_REASONS, FailureError, type FailureReason } from "../../src/lib/failure.ts";
import type { PolicyRule } from "../../src/lib/vault-policy.ts";
import type { ClusterIdentity, VaultCluster, VaultNode } from "../../src/vault/cluster.ts";
import type { AutopilotServer, AutopilotState } from "../../src/vault/endpoints/raft-autopilot-state.ts";
import type { RaftConfiguration } from "../../src/vault/endpoints/raft-configuration.ts";
import type { SysHealth } from "../../src/vault/endpoints/sys-health.ts";
import type { SysLeader } from "../../src/vault/endpoints/sys-leader.ts";
import type { SysSealStatus } from "../../src/vault/endpoints/sys-seal-status.ts";
import { detectProduct } from "../../src/vault/detect-product.ts";
import type { Endpoint } from "../../src/vault/endpoint.ts";
import { policyRuleOf } from "../../src/vault/policy-line.ts";
import type { ListenerProbe } from "../../src/vault/listener.ts";
import type { CallOptions } from "../../src/vault/transport.ts";
import { SYSTEM_ANSWERS } from "./system-answers.ts";
import { unaskedOperator } from "../vault/operator/fake-operator.ts";

/** The time of every fake clock and of every fake node's: 2026-11-22 03:02:00 UTC. */
export const NOW = Date.UTC(2026, 10, 22, 3, 2, 0);

/** The cluster id that every fake node has, unless it says another. */
export const OUR_ID = "11111111-2222-3333-4444-555555555555";

/** How a fake node behaves. `denied` answers token-free calls as an active node and refuses the others. */
export type FakeState =
  "active" | "standby" | "sealed" | "uninitialized" | "unreachable" | "denied" | "garbage" | "slow" | "frozen";

/** A fake node: its behaviour, and what it says instead of the usual. */
export type FakeNode = {
  readonly name: string;
  readonly state: FakeState;
  readonly health?: Partial<SysHealth>;
  readonly seal?: Partial<SysSealStatus>;
  readonly leader?: Partial<SysLeader>;
  readonly listener?: Partial<ListenerProbe>;
  /** Default: `id-` and the name. */
  readonly raftNodeId?: string;
  /** Default: its name as host. */
  readonly address?: string;
};

/** A fake cluster: its nodes, and what the active one says of raft, leases and itself. */
export type FakeClusterOptions = {
  readonly name?: string;
  readonly nodes: readonly FakeNode[];
  /** Default: as many as there are. */
  readonly expectedNodes?: number;
  readonly discovery?: NonNullable<VaultCluster["discovery"]>;
  /** What is pinned or remembered; default: nothing. */
  readonly identity?: () => ClusterIdentity;
  readonly configuration?: RaftConfiguration;
  readonly autopilot?: AutopilotState | FailureReason;
  readonly irrevocable?: Readonly<Record<string, number>> | FailureReason;
  readonly metrics?: string;
  /** Bodies (or reasons of failures) by path, `?list=true` behind lists; over `SYSTEM_ANSWERS`. What is in neither is not found. */
  readonly answers?: Readonly<Record<string, unknown>>;
};

/** A fake cluster that remembers which paths were called with a token, and by which node. */
export type FakeCluster = VaultCluster & { readonly calls: FakeCall[] };

/** A call with a token: who was asked, and the policy that it took. */
export type FakeCall = PolicyRule & { readonly node: string };

const METRICS = `# HELP vault_expire_num_leases vault_expire_num_leases\n# TYPE vault_expire_num_leases gauge\nvault_expire_num_leases 42\n`;

/** Creates a cluster without any server behind it. */
export function fakeCluster(options: FakeClusterOptions): FakeCluster {
  const { name = "prod" } = options;
  const calls: FakeCall[] = [];
  const nodes = options.nodes.map((node) => fakeNode(node, options, calls));
  return {
    name,
    nodes,
    expectedNodes: options.expectedNodes ?? nodes.length,
    ...(options.discovery === undefined ? {} : { discovery: options.discovery }),
    calls,
    node: (wanted) => nodes.find((node) => node.name === wanted) ?? unexpected(`node ${wanted}`),
    activeNode: async (call) => {
      const words = await Promise.allSettled(nodes.map(async (node) => ({ node, leader: await node.leader(call) })));
      const active = words.find((word) => word.status === "fulfilled" && word.value.leader.isSelf);
      if (active?.status === "fulfilled") return active.value.node;
      throw failure("no-leader", `cannot find the active node of ${name}`);
    },
    identity: () => unexpected("identity: an exporter compares what the nodes say anyway"),
    knownIdentity: () => options.identity?.(),
    operator: unaskedOperator,
    product: async (call) => await detectProduct(nodes, call),
    close: () => unexpected("close"),
  };
}

function fakeNode(node: FakeNode, options: FakeClusterOptions, calls: FakeCluster["calls"]): VaultNode {
  const { state } = node;
  const open = async <T>(call: CallOptions | undefined, answer: T): Promise<T> => behave(node, call, answer);
  const guarded = async <T>(
    { path, query }: Pick<Endpoint<unknown>, "path" | "query">,
    call: CallOptions | undefined,
    answer: T | FailureReason,
  ): Promise<T> => {
    calls.push({
      node: node.name,
      ...policyRuleOf({ method: "GET", path, ...(query === undefined ? {} : { query }) }),
    });
    if (state === "denied") throw failure("denied", `cannot read ${path} on ${node.name}`);
    if (state === "standby") throw failure("standby", `cannot read ${path} on ${node.name}`);
    if (state === "sealed") throw failure("sealed", `cannot read ${path} on ${node.name}`);
    const given = await behave(node, call, answer);
    if (isReason(given)) throw failure(given, `cannot read ${path} on ${node.name}`);
    return given;
  };
  return {
    name: node.name,
    raftNodeId: node.raftNodeId ?? `id-${node.name}`,
    address: node.address ?? `https://${node.name}:8200`,
    health: (call) => open(call, { ...healthOf(state), ...node.health }),
    sealStatus: (call) => open(call, { ...sealOf(state), ...node.seal }),
    leader: async (call) => {
      if (state === "sealed" || state === "uninitialized") throw failure("sealed", "cannot read sys/leader");
      return open(call, { ...leaderOf(state), ...node.leader });
    },
    probeListener: async (call) => {
      // A page that is not Vault's comes over a connection like any other.
      const listening = state === "garbage" ? { ...node, state: "active" as const } : node;
      return behave(listening, call, { ...LISTENER, ...node.listener }).catch((error: unknown) => {
        if (error instanceof FailureError || call?.signal?.aborted === true) return NO_LISTENER;
        throw error;
      });
    },
    raftConfiguration: (call) =>
      guarded(
        { path: "sys/storage/raft/configuration" },
        call,
        options.configuration ?? configurationOf(options.nodes),
      ),
    autopilotState: (call) =>
      guarded({ path: "sys/storage/raft/autopilot/state" }, call, options.autopilot ?? autopilotOf(options.nodes)),
    irrevocableLeases: (call) => guarded({ path: "sys/leases/count" }, call, leasesOf(options.irrevocable ?? {})),
    read: async (endpoint, call) => {
      const path = pathOf(endpoint);
      const given = options.answers?.[path] ?? SYSTEM_ANSWERS[path];
      if (given === undefined) throw failure("not-found", `cannot read ${path} on ${node.name}`);
      const body = await (endpoint.token === "none" ? open(call, given) : guarded(endpoint, call, given));
      if (isReason(body)) throw failure(body, `cannot read ${path} on ${node.name}`);
      return endpoint.answer.parse(body);
    },
    stream: async (endpoint, call) => {
      const path = pathOf(endpoint);
      const given = path === "sys/metrics" ? (options.metrics ?? METRICS) : options.answers?.[path];
      if (given === undefined) throw failure("not-found", `cannot read ${path} on ${node.name}`);
      const text = await guarded(endpoint, call, typeof given === "string" ? given : JSON.stringify(given));
      return { headers: {}, body: chunksOf(text) };
    },
    operateCapabilities: () => unexpected("operateCapabilities: an exporter does not act"),
    ...CHANGES,
  };
}

const refuse = (): never => unexpected("an exporter changes nothing");
const CHANGES = {
  removeRaftPeer: refuse,
  stepDown: refuse,
  seal: refuse,
  rotateKeyring: refuse,
  revokeAccessor: refuse,
  revokePrefix: refuse,
  setRateLimitQuota: refuse,
  deleteRateLimitQuota: refuse,
  disableAuditDevice: refuse,
  streamRaftSnapshot: refuse,
};

/** Answers, fails or hangs as the node's state says; a hanging call ends by its own time-out or its signal, as a real one does. */
async function behave<T>({ name, state }: FakeNode, call: CallOptions | undefined, answer: T): Promise<T> {
  if (call?.signal === undefined || call.timeoutMs === undefined) unexpected("a call without a signal and a time-out");
  call.signal.throwIfAborted();
  if (state === "unreachable") throw failure("unreachable", `cannot reach ${name}`);
  if (state === "garbage") throw failure("invalid-answer", `cannot read what ${name} says`);
  if (state === "slow") await immediately();
  if (state !== "frozen") return answer;
  const ends = AbortSignal.any([call.signal, AbortSignal.timeout(call.timeoutMs)]);
  return new Promise((_resolve, reject) => {
    const end = (): void => reject(failure("timeout", `cannot wait for ${name}`));
    if (ends.aborted) end();
    ends.addEventListener("abort", end);
    // A signal that nobody else holds may be collected before it ends.
    held.add(ends);
  });
}

const held = new Set<AbortSignal>();

const DAY_MS = 86_400_000;

const LISTENER: ListenerProbe = {
  resolveMs: 1,
  connectMs: 2,
  tlsMs: 4,
  certificate: {
    notBefore: NOW - DAY_MS,
    notAfter: NOW + 30 * DAY_MS,
    chainNotAfter: NOW + 20 * DAY_MS,
    nameMismatch: false,
    trusted: true,
  },
};

const NO_LISTENER: ListenerProbe = {
  resolveMs: undefined,
  connectMs: undefined,
  tlsMs: undefined,
  certificate: undefined,
};

function healthOf(state: FakeState): SysHealth {
  const sealed = state === "sealed" || state === "uninitialized";
  const standby = sealed || state === "standby";
  const code = state === "uninitialized" ? 501 : sealed ? 503 : standby ? 429 : 200;
  return {
    statusCode: code,
    initialized: state !== "uninitialized",
    sealed,
    standby,
    serverTimeSeconds: NOW / 1000,
    version: "2.6.2",
    clusterName: sealed ? undefined : "vault-cluster-1",
    clusterId: sealed ? undefined : OUR_ID,
    removedFromCluster: undefined,
    haConnectionHealthy: undefined,
    performanceStandby: undefined,
    enterprise: false,
    hasVaultOnlyKeys: false,
  };
}

function sealOf(state: FakeState): SysSealStatus {
  const initialized = state !== "uninitialized";
  return {
    type: "shamir",
    initialized,
    sealed: !initialized || state === "sealed",
    threshold: initialized ? 3 : 0,
    shares: initialized ? 5 : 0,
    progress: 0,
    nonce: "",
    version: "2.6.2",
    migration: false,
    recoverySeal: false,
    storageType: "raft",
    removedFromCluster: undefined,
    clusterName: undefined,
    clusterId: undefined,
  };
}

function leaderOf(state: FakeState): SysLeader {
  const isSelf = state !== "standby";
  return {
    haEnabled: true,
    isSelf,
    activeTime: isSelf ? "2026-11-22T00:00:00Z" : undefined,
    leaderAddress: "https://vault-0:8200",
    leaderClusterAddress: "https://vault-0:8201",
    raftCommittedIndex: 100,
    raftAppliedIndex: 100,
  };
}

function configurationOf(nodes: readonly FakeNode[]): RaftConfiguration {
  return { index: 1, servers: nodes.map((node) => raftServer(node.name, { leader: node.state === "active" })) };
}

/** A member of raft with the id that the fake node of this name has. */
export function raftServer(name: string, facts: { leader?: boolean; voter?: boolean } = {}) {
  return { nodeId: `id-${name}`, address: `${name}:8201`, leader: false, voter: true, ...facts };
}

function autopilotOf(nodes: readonly FakeNode[]): AutopilotState {
  return autopilotState(nodes.map(({ name, state }) => autopilotServer(name, { status: status(state) })));
}

function status(state: FakeState): string {
  return state === "active" ? "leader" : "voter";
}

/** What autopilot says of these servers. */
export function autopilotState(servers: readonly AutopilotServer[]): AutopilotState {
  return {
    healthy: servers.every(({ healthy }) => healthy),
    failureTolerance: 1,
    leader: servers.find(({ status }) => status === "leader")?.id ?? "",
    voters: servers.map(({ id }) => id),
    servers,
  };
}

/** What autopilot says of one healthy server, and what differs. */
export function autopilotServer(name: string, facts: Partial<AutopilotServer> = {}): AutopilotServer {
  return {
    id: `id-${name}`,
    name: `id-${name}`,
    address: `${name}:8201`,
    nodeStatus: "alive",
    lastContactMs: 0,
    stableSinceSeconds: Date.UTC(2026, 10, 22) / 1000,
    lastTerm: 3,
    lastIndex: 100,
    healthy: true,
    status: "voter",
    version: "2.6.2",
    ...facts,
  };
}

function leasesOf(counts: Readonly<Record<string, number>> | FailureReason) {
  if (typeof counts === "string") return counts;
  return { total: Object.values(counts).reduce((sum, count) => sum + count, 0), byMountAccessor: counts };
}

function pathOf({ path, query }: Pick<Endpoint<unknown>, "path" | "query">): string {
  return query?.["list"] === "true" ? `${path}?list=true` : path;
}

/** In pieces that end in the middle of lines, as those of a socket do. */
async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += 7) yield await Promise.resolve(Buffer.from(text.slice(at, at + 7)));
}

function isReason(given: unknown): given is FailureReason {
  return (FAILURE_REASONS as readonly unknown[]).includes(given);
}

function failure(reason: FailureReason, message: string): FailureError {
  return new FailureError({ reason, message, retryable: true });
}

function unexpected(what: string): never {
  throw new Error(`the fake cluster does not expect ${what}`);
}
