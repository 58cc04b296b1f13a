import { z } from "zod";
import { parseVersion } from "../../lib/compare-versions.ts";
import { margin, quorum } from "../../lib/quorum.ts";
import { defineCheck } from "../action.ts";
import { countVoters } from "../raft-view.ts";
import { holdUp, readUpgradeView, type UpgradeNode, type UpgradeView } from "../upgrade-view.ts";

const Names = z.array(z.string());

/**
 * Tells which node is upgraded next: the standbys that are not at the target, and the leader last. It names none while anything is under
 * way: every node must be back, unsealed, healthy in autopilot's eyes and caught up, so that never two are away at once. Leadership may move,
 * so it is asked anew before every node. It answers without a leader too, and needs no token then.
 */
export const upgradeOrder = defineCheck({
  name: "vault.upgrade-order",
  summary: "Tell which node is upgraded next",
  input: z.strictObject({
    /** The version that is being installed. */
    target: z.string().refine((text) => parseVersion(text) !== undefined, "a version like 1.21.2 or 1.21.2+ent"),
    /** The node that is being worked on: that it is away is no loss. */
    node: z.string().optional(),
  }),
  output: z.object({
    /** Every node is back, and one leads: nothing is under way. */
    settled: z.boolean(),
    /** What it waits for, in words; empty when it is settled. */
    waits_for: z.string(),
    /** Name of the node whose turn it is; empty while nothing may be begun, and when all are at the target. */
    next: z.string(),
    /** Its API address. */
    next_address: z.string(),
    next_is_leader: z.boolean(),
    /** Older than the target, the leader last. */
    remaining_names: Names,
    /** Versions of these, each once: more than one, and an earlier upgrade was never finished. */
    remaining_versions: Names,
    done_names: Names,
    /** Newer than the target: it must not be installed. */
    newer_names: Names,
    /** Tell no version that can be read. */
    unknown_names: Names,
    /** Empty while nobody leads. */
    leader: z.string(),
    leader_version: z.string(),
    /** A node leads, and it is at the target. */
    leader_done: z.boolean(),
    /** Lost besides `node`: by their own word not unsealed, and nobody who leads calls them healthy. */
    lost_names: Names,
    /** By raft's word; without a leader the configured nodes, and the unsealed ones. */
    voters: z.int(),
    healthy_voters: z.int(),
    quorum: z.int(),
    margin: z.int(),
    /** How long autopilot has called every member healthy; a restart of less than 10 s does not end it. */
    stable_seconds: z.int(),
    /** When this was read: Unix time in seconds. */
    at_seconds: z.int(),
  }),
  policy: [
    { path: "sys/storage/raft/configuration", capabilities: ["read"] },
    { path: "sys/storage/raft/autopilot/state", capabilities: ["read"] },
  ],
  read: async (context, { target: text, node }) => {
    const target = parseVersion(text);
    if (target === undefined) throw new Error("the input was checked");
    if (node !== undefined) context.cluster.node(node);
    const view = await readUpgradeView(context, target);
    return {
      ...describeProgress(view),
      ...describeOrder(view),
      ...describeLeader(view),
      lost_names: view.nodes.filter((each) => each.name !== node && isLost(each)).map(({ name }) => name),
      ...describeVoters(view),
      at_seconds: Math.floor(context.clock.now() / 1000),
    };
  },
});

function describeProgress(view: UpgradeView) {
  const waits = waitsFor(view);
  const order = inOrder(view);
  const next = waits === "" ? order[0] : undefined;
  return {
    settled: waits === "",
    waits_for: waits,
    next: next?.name ?? "",
    next_address: next?.reading.node.address ?? "",
    next_is_leader: next !== undefined && next.name === leaderOf(view)?.name,
    stable_seconds: view.stableSeconds,
  };
}

function waitsFor(view: UpgradeView): string {
  const words = view.nodes.map(holdUp).filter((text) => text !== "");
  if (view.raft !== undefined) return words.join(", ");
  const away = view.nodes.filter(({ reading }) => reading.state !== "unsealed");
  return ["no node leads", ...away.map(({ name, reading }) => `${name} is ${reading.state}`)].join(", ");
}

/** A standby first: its restart costs nobody anything, and a new leader must never be followed by an older one. */
function inOrder(view: UpgradeView): readonly UpgradeNode[] {
  const leader = leaderOf(view);
  const remaining = view.nodes.filter(({ age }) => age !== undefined && age < 0);
  return [...remaining.filter((node) => node !== leader), ...remaining.filter((node) => node === leader)];
}

function describeOrder(view: UpgradeView) {
  const names = (wanted: (node: UpgradeNode) => boolean): string[] => view.nodes.filter(wanted).map(({ name }) => name);
  const remaining = inOrder(view);
  return {
    remaining_names: remaining.map(({ name }) => name),
    remaining_versions: [...new Set(remaining.map(versionOf))].sort(),
    done_names: names(({ age }) => age === 0),
    newer_names: names(({ age }) => age !== undefined && age > 0),
    unknown_names: names(({ age }) => age === undefined),
  };
}

function describeLeader(view: UpgradeView) {
  const leader = leaderOf(view);
  return {
    leader: leader?.name ?? "",
    leader_version: leader === undefined ? "" : versionOf(leader),
    leader_done: leader?.age === 0,
  };
}

function leaderOf({ raft, nodes }: UpgradeView): UpgradeNode | undefined {
  return nodes.find(({ name }) => name === raft?.active.name);
}

function versionOf({ reading }: UpgradeNode): string {
  return reading.health?.version ?? "";
}

/** One that only we cannot reach, and that autopilot hears, is not lost. */
function isLost({ reading, member }: UpgradeNode): boolean {
  return reading.state !== "unsealed" && member?.autopilotHealthy !== true;
}

function describeVoters({ raft, nodes }: UpgradeView) {
  const unsealed = nodes.filter(({ reading }) => reading.state === "unsealed").length;
  const counts = raft === undefined ? { voters: nodes.length, healthy: unsealed } : countVoters(raft);
  return {
    voters: counts.voters,
    healthy_voters: counts.healthy,
    quorum: quorum(counts.voters),
    margin: margin(counts),
  };
}
