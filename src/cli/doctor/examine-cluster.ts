import type { ClusterConfig } from "../../config/schema.ts";
import type { Collector } from "../../exporter/collector.ts";
import { nativeSamples } from "../../exporter/native-samples.ts";
import { isUnsealed, probeNodes } from "../../exporter/probe-nodes.ts";
import type { NodeProbe } from "../../exporter/probe-nodes.ts";
import { withoutStrangers } from "../../exporter/without-strangers.ts";
import type { Clock, Timers } from "../../lib/clock.ts";
import type { VaultCluster, VaultNode } from "../../vault/cluster.ts";
import type { Capabilities } from "../../vault/endpoints/capabilities-self.ts";
import { ownCapabilities } from "../../vault/endpoints/own-capabilities.ts";
import { sysConfigState } from "../../vault/endpoints/sys-config-state.ts";
import { tokenLookupSelf } from "../../vault/endpoints/token-lookup-self.ts";
import { isRootOnly } from "../../vault/request-namespace.ts";
import type { CallOptions } from "../../vault/transport.ts";
import { outcome, valueOf } from "./examination.ts";
import type { ClusterExam, NodeExam, OperatorTrial, TokenExam } from "./examination.ts";
import { METRIC_NAMES } from "./metric-names.ts";
import { samplePath } from "./sample-path.ts";

/** What examining a cluster needs. */
export type ExaminationOptions = {
  readonly config: ClusterConfig;
  readonly cluster: VaultCluster;
  readonly collectors: readonly Collector[];
  /** Names of the actions in use that call Vault. */
  readonly actions: readonly string[];
  readonly wantsStandbyMetrics: boolean;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Tells the person who waits that a node has not answered yet. */
  readonly onSlow: (node: string) => void;
};

/** A node that needs longer than this for an answer of a few kilobytes is the finding. */
const CALL_MS = 3000;

/** Probes give each of their calls a little more than half of this. */
const PROBE_MS = 5000;

/** The whole examination, whatever hangs. */
const TOTAL_MS = 20_000;

/** What a step asks for; the trial's token is revoked at once. */
const MINTED_MS = 30_000;

/** When a person begins to wonder. */
const SLOW_MS = 1500;

/**
 * Asks every node and then the active one. Changes nothing, but for a login when the cluster is configured with `auth`, and with `operator` for a
 * token for each action in use, which is revoked at once. Never throws.
 */
export async function examineCluster(options: ExaminationOptions): Promise<ClusterExam> {
  const { config, cluster, collectors, wantsStandbyMetrics, clock } = options;
  const limits = { timeoutMs: CALL_MS, signal: AbortSignal.timeout(TOTAL_MS) };
  const [looks, active, product] = await Promise.all([
    Promise.all(cluster.nodes.map(async (node) => await lookAt(node, options, limits))),
    outcome(cluster.activeNode(limits)),
    cluster.product(limits),
  ]);
  const probes = withoutStrangers(
    cluster,
    looks.map(({ probe }) => probe),
  );
  // From here on with the token, which no stranger is shown. First the active node: a standby learns of a new token a moment later.
  const known = hasToken(config);
  const token = known ? await examineToken(activeAmong(probes, valueOf(active)), collectors, limits) : undefined;
  const nodes = await Promise.all(
    looks.map(async (look, index): Promise<NodeExam> => {
      const probe = probes[index] ?? look.probe;
      return { ...look, probe, tokenMetrics: known ? await tokenMetricsOf(probe, limits) : undefined };
    }),
  );
  const operator = activeAmong(probes, valueOf(active)) === undefined ? undefined : await tryOperator(options, limits);
  return { config, at: clock.now(), product, nodes, active, collectors, wantsStandbyMetrics, token, operator };
}

/** Tells whether a cluster is configured with a token for reading, of whatever kind. */
export function hasToken({ token, auth }: ClusterConfig): boolean {
  return token !== undefined || auth !== undefined;
}

type Limits = Required<CallOptions>;

/** Each action has a policy of its own, so each is tried. */
async function tryOperator(
  { cluster, actions }: ExaminationOptions,
  { signal }: Limits,
): Promise<readonly OperatorTrial[] | undefined> {
  const { operator } = cluster;
  if (operator.kind !== "minted") return undefined;
  return await Promise.all(
    actions.map(async (action) => {
      const call = { action, run: "doctor", step: "trial", ttlMs: MINTED_MS };
      const end = await outcome(operator.open(call, { signal }).then(async (session) => await session.end()));
      return { action, end };
    }),
  );
}

async function lookAt(
  node: VaultNode,
  { cluster, clock, timers, onSlow }: ExaminationOptions,
  limits: Limits,
): Promise<Omit<NodeExam, "tokenMetrics">> {
  const cancelNotice = timers.after(SLOW_MS, () => onSlow(node.name));
  const alone = { ...cluster, nodes: [node] };
  const [probe] = await probeNodes({ cluster: alone, clock, timeoutMs: PROBE_MS, signal: limits.signal });
  cancelNotice();
  if (probe === undefined) throw new Error(`there is no probe of ${node.name}`);
  const answers = probe.failure === undefined;
  const openMetrics = answers ? await outcome(nativeSamples(withoutToken(node), METRIC_NAMES, limits)) : undefined;
  return { probe, openMetrics };
}

/** The active node that calls itself so and is no stranger. */
function activeAmong(probes: readonly NodeProbe[], active: VaultNode | undefined): VaultNode | undefined {
  return probes.some(({ node, failure }) => node === active && failure === undefined) ? active : undefined;
}

async function tokenMetricsOf({ node, state }: NodeProbe, limits: Limits): Promise<NodeExam["tokenMetrics"]> {
  return isUnsealed(state) ? await outcome(nativeSamples(node, METRIC_NAMES, limits)) : undefined;
}

function withoutToken(node: VaultNode): VaultNode {
  return { ...node, stream: async (endpoint, options) => await node.stream({ ...endpoint, token: "none" }, options) };
}

async function examineToken(
  node: VaultNode | undefined,
  collectors: readonly Collector[],
  limits: Limits,
): Promise<TokenExam | undefined> {
  if (node === undefined) return undefined;
  const [token, capabilities, raft, settings] = await Promise.all([
    outcome(node.read(tokenLookupSelf, limits)),
    outcome(readCapabilities(node, collectors, limits)),
    outcome(node.raftConfiguration(limits)),
    outcome(node.read(sysConfigState, limits)),
  ]);
  return { token, capabilities, raft, settings };
}

/** What only the root namespace has is asked for there: in another namespace the same path would be another. */
async function readCapabilities(
  node: VaultNode,
  collectors: readonly Collector[],
  limits: Limits,
): Promise<Capabilities> {
  const paths = [...new Set(collectors.flatMap(({ policy }) => policy.map(({ path }) => samplePath(path))))];
  const ofRoot = paths.filter(isRootOnly);
  const ofNamespace = paths.filter((path) => !isRootOnly(path));
  const answers = await Promise.all([
    ofRoot.length === 0 ? {} : node.read(ownCapabilities(ofRoot, "root"), limits),
    ofNamespace.length === 0 ? {} : node.read(ownCapabilities(ofNamespace), limits),
  ]);
  return Object.assign({}, ...answers) as Capabilities;
}
