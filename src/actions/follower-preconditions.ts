import { margin, quorum } from "../lib/quorum.ts";
import { FailureError } from "../lib/failure.ts";
import type { VaultNode } from "../vault/cluster.ts";
import type { ActionContext, Precondition } from "./action.ts";
import { MAX_LAG } from "./max-lag.ts";
import { nodeRead } from "./node-read.ts";
import { countVoters, readRaftView } from "./raft-view.ts";
import type { RaftMember, RaftView } from "./raft-view.ts";

/**
 * Judges whether somebody can take over from the active node: a healthy voter, a quorum that can lose one more, and followers that have
 * what the leader has. The values are judgements: an index moves with every write, and would void what people approved.
 */
export async function followerPreconditions(
  context: ActionContext,
  active: VaultNode,
): Promise<readonly Precondition[]> {
  const view = await readRaftView(context, active);
  const followers = view.members.filter(({ voter, healthy, leader }) => voter && healthy && !leader);
  const behind = await readBehind(context, active, followers);
  return [followersFact(followers), toleranceFact(view), caughtUpFact(followers, behind)];
}

function followersFact(followers: readonly RaftMember[]): Precondition {
  const names = followers.map(({ name }) => name).sort();
  const text =
    names.length === 0
      ? "no healthy voter follows: nobody can take over"
      : `these healthy voters can take over: ${names.join(", ")}`;
  return { name: "followers", ok: names.length > 0, value: names, text };
}

function toleranceFact(view: RaftView): Precondition {
  const counted = countVoters(view);
  const { voters, healthy } = counted;
  const spare = margin(counted);
  const words = spare > 0 ? `${spare} more may be lost` : "none more may be lost";
  return {
    name: "tolerance",
    ok: spare > 0,
    value: { voters, healthy },
    text: `${voters} voters, ${healthy} healthy, ${quorum(voters)} needed: ${words}`,
  };
}

function caughtUpFact(followers: readonly RaftMember[], behind: readonly string[]): Precondition {
  const ok = followers.length > 0 && behind.length === 0;
  const text = ok
    ? `every healthy follower is at most ${MAX_LAG} entries behind the leader`
    : behind.length === 0
      ? "there is no healthy follower to compare"
      : `more than ${MAX_LAG} entries behind the leader, or not to be asked: ${behind.join(", ")}`;
  return { name: "caught-up", ok, value: ok, text };
}

/** The leader's index first: what it had committed then, a follower can have applied now. */
async function readBehind(
  context: ActionContext,
  active: VaultNode,
  followers: readonly RaftMember[],
): Promise<readonly string[]> {
  const { raftCommittedIndex: committed = 0 } = await active.leader(nodeRead(context));
  const judged = await Promise.all(
    followers.map(async ({ name }) => ({ name, applied: await readApplied(context, name) })),
  );
  return judged.filter(({ applied }) => applied === undefined || committed - applied > MAX_LAG).map(({ name }) => name);
}

/** A member that is not configured cannot be asked, and counts as one that is behind. */
async function readApplied(context: ActionContext, name: string): Promise<number | undefined> {
  const node = context.cluster.nodes.find((each) => each.name === name);
  try {
    return (await node?.leader(nodeRead(context)))?.raftAppliedIndex;
  } catch (error) {
    if (context.signal.aborted || !(error instanceof FailureError)) throw error;
    return undefined;
  }
}
