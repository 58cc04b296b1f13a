import { FailureError, type FailureReason } from "../../src/lib/failure.ts";
import type { PolicyRule } from "../../src/lib/vault-policy.ts";
import type { SysHealth } from "../../src/vault/endpoints/sys-health.ts";
import type { AutopilotState } from "../../src/vault/endpoints/raft-autopilot-state.ts";
import type { ClusterIdentity, Product, VaultCluster, VaultNode } from "../../src/vault/cluster.ts";
import { MUTATIONS } from "../../src/runner/guarded-cluster.ts";
import { policyRuleOf } from "../../src/vault/policy-line.ts";
import type { CallOptions } from "../../src/vault/transport.ts";
import { fakeOperator } from "../vault/operator/fake-operator.ts";
import { fakeAnswer, fakeStream } from "./fake-answers.ts";
import { CHANGE_CALLS, createFakeChanges, isActive, type FakeChange } from "./fake-changes.ts";

/** What a fake node does. `frozen` times out, `hanging` answers only when the signal ends, `denied` is active but refuses tokens. */
export const FAKE_STATES = [
  "active",
  "standby",
  "sealed",
  "uninitialized",
  "removed",
  "unreachable",
  "frozen",
  "denied",
  "garbage",
  "limited",
  "hanging",
] as const;

/** One of `FAKE_STATES`. */
export type FakeState = (typeof FAKE_STATES)[number];

/** A node as a test changes it while it runs. */
export type FakeNode = {
  readonly name: string;
  readonly raftNodeId: string;
  /** What the configuration takes for its raft id. */
  configuredId: string;
  /** Host of its cluster address, as raft knows it. */
  host: string;
  /** Host of its API, as configured. */
  apiHost: string;
  state: FakeState;
  /** Autopilot's word; undefined: it never heard of the node. */
  healthy: boolean | undefined;
  /** How long autopilot has not heard of it; grows as time goes on. */
  silentMs: number;
  /** What autopilot takes for its index; undefined: its own. */
  reportedIndex: number | undefined;
  index: number;
  voter: boolean;
  member: boolean;
  activeTime: string;
  sealType: string;
  recoverySeal: boolean;
  progress: number;
  nonce: string;
};

/** One call that was made to a fake node, or to a service besides the cluster (its node is empty, it has a time-out of its own). */
export type FakeCall = {
  readonly node: string;
  readonly method: Method | "service";
  /** What the token for reading must permit. */
  readonly reads?: PolicyRule | undefined;
  /** What the token for the call must permit. */
  readonly operates?: PolicyRule | undefined;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
};

type Method = Exclude<keyof VaultNode, "name" | "raftNodeId" | "address">;

/** The methods that send the token for reading, and what it must permit; `read` and `stream` need what their endpoint says. */
export const READ_CALLS: Partial<Record<Method, PolicyRule>> = {
  raftConfiguration: { path: "sys/storage/raft/configuration", capabilities: ["read"] },
  autopilotState: { path: "sys/storage/raft/autopilot/state", capabilities: ["read"] },
  irrevocableLeases: { path: "sys/leases/count", capabilities: ["read"] },
};

/** The methods that send the token for the call, and what it must permit. */
export const OPERATE_CALLS: Partial<Record<Method, PolicyRule>> = {
  operateCapabilities: { path: "sys/capabilities-self", capabilities: ["update"] },
  ...CHANGE_CALLS,
};

/** The calls that change something, or that people must agree to. */
export const MUTATING_CALLS: readonly Method[] = MUTATIONS;

/** A cluster made by hand: its nodes can be changed, its calls are recorded. */
export type FakeCluster = {
  readonly cluster: VaultCluster;
  readonly calls: FakeCall[];
  readonly node: (name: string) => FakeNode;
  /** What `identity()` gives, or throws. */
  identity: ClusterIdentity | FailureReason | undefined;
  /** What the token for actions may do on every path; `unknown`: it may not ask, `invalid`: it expired. */
  operate: readonly string[] | "unknown" | "invalid";
  product: Product;
  /** The server answers every change well and does nothing. */
  lies: boolean;
  /** Every change that was asked for, with what was given. */
  readonly changes: FakeChange[];
  /** What reads answer instead of the usual, by path; undefined: it is not there. */
  readonly answers: Map<string, unknown>;
  /** What streamed reads answer instead of the usual, by path; undefined: it is not there. */
  readonly streams: Map<string, string | undefined>;
  /** RFC 3339, when whoever takes over began to lead. */
  takeOverTime: string;
  /** Time goes on: indexes and lags are others afterwards. */
  readonly progress: () => void;
};

/** Builds a cluster of `vault-0`, `vault-1` … in these states; the raft ids are `raft-0`, `raft-1` …, so that none is taken for a name. */
export function createFakeCluster(states: readonly FakeState[]): FakeCluster {
  const nodes = states.map((state, index) => fakeNode(state, index));
  const node = (name: string): FakeNode => nodes.find((held) => held.name === name) ?? fail("not-found", name);
  const calls: FakeCall[] = [];
  let step = 0;
  const fake: FakeCluster = {
    calls,
    node,
    identity: { clusterId: "c1a1", clusterName: "prod" },
    operate: ["root"],
    product: "openbao",
    lies: false,
    changes: [],
    answers: new Map(),
    streams: new Map(),
    takeOverTime: "2026-01-01T00:10:00Z",
    progress: () => {
      step += 1;
      for (const held of nodes) held.index += 17 * step;
    },
    cluster: undefined as unknown as VaultCluster,
  };
  const vaultNodes = nodes.map((held) => createVaultNode(held, { nodes, calls, fake, time: () => step }));
  return Object.assign(fake, { cluster: createCluster(vaultNodes, fake) });
}

/** What the nodes of a fake cluster share. */
export type World = {
  readonly nodes: readonly FakeNode[];
  readonly calls: FakeCall[];
  readonly fake: FakeCluster;
  readonly time: () => number;
};

function fakeNode(state: FakeState, index: number): FakeNode {
  return {
    name: `vault-${index}`,
    raftNodeId: `raft-${index}`,
    configuredId: `raft-${index}`,
    host: `vault-${index}.example`,
    apiHost: `vault-${index}.example`,
    state,
    healthy: isWell({ state }),
    silentMs: isWell({ state }) ? 0 : 60_000,
    reportedIndex: undefined,
    index: 9_007_199_254_000 - index,
    voter: true,
    member: true,
    activeTime: "2026-01-01T00:00:00Z",
    sealType: "shamir",
    recoverySeal: false,
    progress: 1,
    nonce: "7d1e",
  };
}

function createCluster(vaultNodes: readonly VaultNode[], fake: FakeCluster): VaultCluster {
  return {
    name: "prod",
    nodes: vaultNodes,
    node: (name) => vaultNodes.find((held) => held.name === name) ?? fail("not-found", name),
    activeNode: async (options) => {
      for (const held of vaultNodes) if ((await leads(held, options)) === true) return held;
      return fail("no-leader", "prod");
    },
    identity: async (options) => {
      if (options?.signal?.aborted === true) return fail("aborted", "prod");
      return await Promise.resolve(typeof fake.identity === "string" ? fail(fake.identity, "prod") : fake.identity);
    },
    expectedNodes: vaultNodes.length,
    operator: fakeOperator(() => fake.cluster),
    knownIdentity: () => (typeof fake.identity === "string" ? undefined : fake.identity),
    product: async (): Promise<Product> => await Promise.resolve(vaultNodes.length === 0 ? "unknown" : fake.product),
    close: async () => {
      await Promise.resolve();
    },
  };
}

async function leads(node: VaultNode, options: CallOptions | undefined): Promise<boolean | undefined> {
  try {
    return (await node.leader(options)).isSelf;
  } catch (error) {
    if (options?.signal?.aborted === true) throw error;
    return undefined;
  }
}

function createVaultNode(held: FakeNode, world: World): VaultNode {
  const { nodes, calls, fake } = world;
  const call = async (
    method: Method,
    options: CallOptions | undefined,
    reads: PolicyRule | undefined = READ_CALLS[method],
    asked?: PolicyRule,
  ): Promise<void> => {
    const { signal, timeoutMs } = options ?? {};
    const operates = asked ?? OPERATE_CALLS[method];
    calls.push({ node: held.name, method, signal, timeoutMs, reads, operates });
    await answerOrFail(held, { method, signal, sendsToken: (reads ?? operates) !== undefined });
  };
  return {
    name: held.name,
    get raftNodeId() {
      return held.configuredId;
    },
    get address() {
      return `https://${held.apiHost}:8200`;
    },
    health: async (options) => {
      await call("health", options);
      return healthOf(held);
    },
    sealStatus: async (options) => {
      await call("sealStatus", options);
      return sealStatusOf(held);
    },
    leader: async (options) => {
      await call("leader", options);
      const active = nodes.find(isActive);
      const isSelf = isActive(held);
      return {
        haEnabled: true,
        isSelf,
        activeTime: isSelf ? held.activeTime : undefined,
        leaderAddress: active === undefined ? "" : `https://${active.apiHost}:8200`,
        leaderClusterAddress: "",
        raftCommittedIndex: held.index,
        raftAppliedIndex: held.index,
      };
    },
    probeListener: async () => await Promise.reject(new Error("no action looks at a listener")),
    raftConfiguration: async (options) => {
      await call("raftConfiguration", options);
      return {
        index: world.time(),
        servers: nodes
          .filter(({ member }) => member)
          .map(({ host, raftNodeId, voter, state }) => ({
            nodeId: raftNodeId,
            address: `${host}:8201`,
            leader: state === "active",
            voter,
          })),
      };
    },
    autopilotState: async (options) => {
      await call("autopilotState", options);
      return autopilotOf(world);
    },
    irrevocableLeases: async (options) => {
      await call("irrevocableLeases", options);
      return { total: 0, byMountAccessor: {} };
    },
    read: async (endpoint, options) => {
      await call("read", options, ruleOf({ ...endpoint, method: endpoint.question === undefined ? "GET" : "POST" }));
      const { path, question } = endpoint;
      const own = fake.answers.has(path);
      const answer = own ? fake.answers.get(path) : fakeAnswer(path, question);
      return answer === undefined ? fail("not-found", held.name) : endpoint.answer.parse(answer);
    },
    stream: async (endpoint, options) => {
      await call("stream", options, ruleOf({ ...endpoint, method: "GET" }));
      const { path } = endpoint;
      const own = fake.streams.has(path) ? fake.streams.get(path) : "usual";
      return own === undefined ? fail("not-found", held.name) : { headers: {}, body: fakeStream(path, own) };
    },
    operateCapabilities: async (paths, options) => {
      await call("operateCapabilities", options);
      const { operate } = fake;
      if (operate === "invalid") return fail("denied", held.name);
      return operate === "unknown" ? undefined : Object.fromEntries(paths.map((path) => [path, operate]));
    },
    ...createFakeChanges(held, world, call),
  };
}

function ruleOf(request: Parameters<typeof policyRuleOf>[0] & { readonly token: "none" | "read" }) {
  return request.token === "none" ? undefined : policyRuleOf(request);
}

function isWell({ state }: Pick<FakeNode, "state">): boolean {
  return isActive({ state }) || state === "standby";
}

type Asked = { readonly method: Method; readonly signal: AbortSignal | undefined; readonly sendsToken: boolean };

async function answerOrFail(node: FakeNode, { method, signal, sendsToken }: Asked): Promise<void> {
  if (signal?.aborted === true) fail("aborted", node.name);
  const alwaysAnswers = method === "health" || method === "sealStatus";
  switch (node.state) {
    case "hanging":
      return await endOf(signal, node);
    case "unreachable":
      return fail("unreachable", node.name);
    case "frozen":
      return fail("timeout", node.name);
    case "garbage":
      return fail("invalid-answer", node.name);
    case "limited":
      return fail("rate-limited", node.name);
    case "sealed":
    case "removed":
    case "uninitialized":
      return alwaysAnswers ? undefined : fail("sealed", node.name);
    case "denied":
      return sendsToken ? fail("denied", node.name) : undefined;
    default:
      return undefined;
  }
}

async function endOf(signal: AbortSignal | undefined, node: FakeNode): Promise<never> {
  if (signal === undefined) throw new Error("a call was made without a signal: it could never be ended");
  return await new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(new FailureError({ reason: "aborted", retryable: true, message: `cannot call ${node.name}: aborted` }));
    });
  });
}

function healthOf({ state }: FakeNode): SysHealth {
  const codes: Partial<Record<FakeState, number>> = { standby: 429, sealed: 503, uninitialized: 501, removed: 530 };
  const sealed = state === "sealed" || state === "uninitialized" || state === "removed";
  return {
    statusCode: codes[state] ?? 200,
    initialized: state !== "uninitialized",
    sealed,
    standby: !isActive({ state }),
    serverTimeSeconds: 1_767_225_600,
    version: "2.6.2",
    clusterName: sealed ? undefined : "prod",
    clusterId: sealed ? undefined : "c1a1",
    removedFromCluster: state === "removed" ? true : undefined,
    haConnectionHealthy: undefined,
    performanceStandby: undefined,
    enterprise: false,
    hasVaultOnlyKeys: false,
  };
}

function sealStatusOf(node: FakeNode) {
  const sealed = node.state === "sealed" || node.state === "uninitialized" || node.state === "removed";
  return {
    type: node.sealType,
    initialized: node.state !== "uninitialized",
    sealed,
    threshold: 3,
    shares: 5,
    progress: sealed ? node.progress : 0,
    nonce: node.nonce,
    version: "2.6.2",
    migration: false,
    recoverySeal: node.recoverySeal,
    storageType: "raft",
    removedFromCluster: undefined,
    clusterName: undefined,
    clusterId: undefined,
  };
}

function autopilotOf({ nodes, time }: World): AutopilotState {
  const heard = nodes.filter(({ member, healthy }) => member && healthy !== undefined);
  return {
    healthy: heard.every(({ healthy }) => healthy === true),
    failureTolerance: 0,
    leader: nodes.find(isActive)?.raftNodeId ?? "",
    voters: heard.filter(({ voter }) => voter).map(({ raftNodeId }) => raftNodeId),
    servers: heard.map((held) => ({
      id: held.raftNodeId,
      name: held.raftNodeId,
      address: `${held.host}:8201`,
      nodeStatus: "alive",
      lastContactMs: held.silentMs + time(),
      stableSinceSeconds: Date.UTC(2026, 10, 22) / 1000,
      lastTerm: 3,
      lastIndex: held.reportedIndex ?? held.index,
      healthy: held.healthy === true,
      status: isActive(held) ? "leader" : "voter",
      version: "2.6.2",
    })),
  };
}

function fail(reason: FailureReason, where: string): never {
  throw new FailureError({ reason, retryable: false, message: `cannot call ${where}: ${reason}; this is a fake` });
}
