import { compareVersions, parseVersion, type Version } from "../lib/compare-versions.ts";
import type { VaultNode } from "../vault/cluster.ts";
import type { ActionContext } from "./action.ts";
import { nodeRead } from "./node-read.ts";
import type { NodeReading } from "./node-state.ts";
import { readNodeStates } from "./node-state.ts";
import type { RaftMember, RaftView } from "./raft-view.ts";
import { readRaftView } from "./raft-view.ts";
import { MAX_LAG } from "./max-lag.ts";
import { unlessFailed } from "./unless-failed.ts";

/** A configured node in the middle of an upgrade: its own word, raft's, and how its version compares with the target. */
export type UpgradeNode = {
  readonly name: string;
  readonly reading: NodeReading;
  /** Undefined while nobody leads, and for a node that is no member. */
  readonly member: RaftMember | undefined;
  /** Below 0: older than the target; above 0: newer; undefined when it tells no version that can be read. */
  readonly age: number | undefined;
  /** Raft entries that it is behind the leader; undefined when one of the two did not tell. */
  readonly lag: number | undefined;
};

/** The cluster in the middle of an upgrade. */
export type UpgradeView = {
  readonly nodes: readonly UpgradeNode[];
  /** Undefined while no node calls itself active. */
  readonly raft: RaftView | undefined;
  /** How long autopilot has called every member healthy, in whole seconds by the leader's clock; 0 while one is not. */
  readonly stableSeconds: number;
};

/** Reads every node's word (no token), and from the active node, if there is one, raft's configuration and autopilot's state (token, `read`). */
export async function readUpgradeView(context: ActionContext, target: Version): Promise<UpgradeView> {
  const active = await findActive(context);
  if (active === undefined) {
    const readings = await readNodeStates(context);
    const nodes = readings.map((reading) => toNode(reading, { target, raft: undefined, lags: new Map() }));
    return { nodes, raft: undefined, stableSeconds: 0 };
  }
  // The leader first: what it had committed then, the others can have applied now.
  const committed = await readCommitted(context, active);
  const [raft, applied, stableSeconds] = await Promise.all([
    readRaftView(context, active),
    Promise.all(context.cluster.nodes.map(async (node) => await readApplied(context, node))),
    readStableSeconds(context, active),
  ]);
  const lags = new Map(applied.flatMap(({ name, index }) => lagOf(name, committed, index)));
  const nodes = raft.readings.map((reading) => toNode(reading, { target, raft, lags }));
  return { nodes, raft, stableSeconds };
}

/** Says why a node holds the upgrade up; empty when it does not. */
export function holdUp({ name, reading: { state }, member, lag }: UpgradeNode): string {
  if (state !== "unsealed") return `${name} is ${state}`;
  if (member === undefined) return `${name} is no member of raft`;
  if (!member.healthy) return `autopilot does not call ${name} healthy`;
  if (lag === undefined) return `${name} does not tell its raft index`;
  return lag > MAX_LAG ? `${name} is ${lag} entries behind the leader` : "";
}

type Sources = {
  readonly target: Version;
  readonly raft: RaftView | undefined;
  readonly lags: ReadonlyMap<string, number>;
};

function toNode(reading: NodeReading, { target, raft, lags }: Sources): UpgradeNode {
  const { name } = reading.node;
  const version = parseVersion(reading.health?.version ?? "");
  return {
    name,
    reading,
    member: raft?.members.find((member) => member.name === name),
    age: version === undefined ? undefined : compareVersions(version, target),
    lag: lags.get(name),
  };
}

async function findActive(context: ActionContext): Promise<VaultNode | undefined> {
  return await unlessFailed(context, async () => await context.cluster.activeNode(nodeRead(context)), ["no-leader"]);
}

async function readCommitted(context: ActionContext, active: VaultNode): Promise<number | undefined> {
  return (await active.leader(nodeRead(context))).raftCommittedIndex;
}

async function readApplied(context: ActionContext, node: VaultNode) {
  const leader = await unlessFailed(context, async () => await node.leader(nodeRead(context)));
  return { name: node.name, index: leader?.raftAppliedIndex };
}

function lagOf(name: string, committed: number | undefined, index: number | undefined): readonly [string, number][] {
  return committed === undefined || index === undefined ? [] : [[name, Math.max(0, committed - index)]];
}

async function readStableSeconds(context: ActionContext, active: VaultNode): Promise<number> {
  const [{ servers }, { serverTimeSeconds }] = await Promise.all([
    active.autopilotState(nodeRead(context)),
    active.health(nodeRead(context)),
  ]);
  const ages = servers.map(({ healthy, stableSinceSeconds }) =>
    healthy && stableSinceSeconds !== undefined ? Math.floor(serverTimeSeconds - stableSinceSeconds) : 0,
  );
  return ages.length === 0 ? 0 : Math.max(0, Math.min(...ages));
}
