import { z } from "zod";
import type { CallOptions, VaultTransport } from "../transport.ts";
import { parseAnswer } from "../answer.ts";

/** Go's zero time, by which a node that is not active fills the field. */
const NEVER = "0001-01-01T00:00:00Z";

const Answer = z.object({
  ha_enabled: z.boolean(),
  is_self: z.boolean().default(false),
  active_time: z.string().default(""),
  leader_address: z.string().default(""),
  leader_cluster_address: z.string().default(""),
  raft_committed_index: z.number().optional(),
  raft_applied_index: z.number().optional(),
});

/** Who leads, as one node sees it. Two nodes may disagree, and two may call themselves leader, during an election. */
export type SysLeader = {
  readonly haEnabled: boolean;
  readonly isSelf: boolean;
  /** RFC 3339, when this node became active; undefined when it is not, and always a time that can be read. */
  readonly activeTime: string | undefined;
  /** Empty: this node knows of no leader. */
  readonly leaderAddress: string;
  readonly leaderClusterAddress: string;
  /** Of this node. */
  readonly raftCommittedIndex: number | undefined;
  readonly raftAppliedIndex: number | undefined;
};

/** Reads `GET sys/leader` (no token, local); a sealed node answers 503 and this throws with reason `sealed`. */
export async function readSysLeader(transport: VaultTransport, options: CallOptions = {}): Promise<SysLeader> {
  const response = await transport.request({ ...options, method: "GET", path: "sys/leader", token: "none" });
  const answer = parseAnswer(transport, "sys/leader", Answer, response);
  return {
    haEnabled: answer.ha_enabled,
    isSelf: answer.is_self,
    activeTime: isTime(answer.active_time) ? answer.active_time : undefined,
    leaderAddress: answer.leader_address,
    leaderClusterAddress: answer.leader_cluster_address,
    raftCommittedIndex: answer.raft_committed_index,
    raftAppliedIndex: answer.raft_applied_index,
  };
}

function isTime(text: string): boolean {
  return text !== NEVER && !Number.isNaN(Date.parse(text));
}
