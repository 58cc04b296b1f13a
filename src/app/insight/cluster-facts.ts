import { collect, createClusterReads } from "../../exporter/collect.ts";
import { raft } from "../../exporter/collectors/raft.ts";
import type { NodeProbe } from "../../exporter/probe-nodes.ts";
import type { Clock } from "../../lib/clock.ts";
import type { ClusterFacts, NodeFacts } from "../../slack/insight.ts";
import type { VaultCluster } from "../../vault/cluster.ts";
import { LOOK_MS } from "./in-time.ts";

/**
 * Looks at a cluster as a scrape does: nodes without a token, the margin with it where it may be read. One reader of a node's state, so that
 * page and bot never contradict each other.
 */
export async function readClusterFacts(
  cluster: VaultCluster,
  clock: Clock,
  signal: AbortSignal,
): Promise<ClusterFacts> {
  const at = clock.now();
  const options = { clusters: [cluster], collectors: [raft], clock, signal, timeoutMs: LOOK_MS };
  const reads = createClusterReads(options);
  const probing = reads[0]?.probes() ?? Promise.resolve([]);
  const [outcomes, probes] = await Promise.all([collect(options, reads), probing]);
  const families = outcomes.flatMap((outcome) => outcome.families);
  const seals = probes.flatMap(({ seal }) => seal ?? []);
  return {
    cluster: cluster.name,
    at,
    sealType: seals.find(({ type }) => type !== "")?.type,
    nodes: probes.map(nodeFacts),
    margin: families.find(({ name }) => name === "sealwatch_raft_margin")?.samples[0]?.value,
  };
}

function nodeFacts(probe: NodeProbe): NodeFacts {
  const { node, state, seal, health } = probe;
  const waits = state === "sealed" && seal?.type === "shamir" && seal.threshold > 0;
  return {
    name: node.name,
    state: stateOf(probe),
    version: seal?.version ?? health?.version,
    ...(waits ? { progress: { entered: seal.progress, threshold: seal.threshold } } : {}),
  };
}

/** A standby that knows of no leader serves nobody, whatever it calls itself. */
function stateOf({ state, leader }: NodeProbe): NodeFacts["state"] {
  if (state === "unsealed") return "no-leader";
  if (state === "standby" && leader?.leaderAddress === "") return "no-leader";
  return state;
}
