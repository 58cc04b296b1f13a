import { matchRaftMembers } from "../../../lib/raft-members.ts";
import { ok, warning } from "../diagnosis.ts";
import { valueOf } from "../examination.ts";
import type { ClusterExam } from "../examination.ts";
import type { Rule } from "../rule.ts";
import { sameOrigin } from "../same-origin.ts";

/** Whether the configured nodes are the cluster's, each by its own address. */
export const members: Rule = {
  name: "members",
  help: "Every server of the cluster is configured by its own address, and no load balancer stands in between.",
  judge: (exam) => {
    const servers = valueOf(exam.token?.raft)?.servers;
    if (servers === undefined) return judgeByLeader(exam);
    const nodes = exam.nodes.map(({ probe }) => probe.node);
    const { strangers: missing } = matchRaftMembers(nodes, servers);
    if (missing.length === 0) return [ok(`raft knows ${servers.length} servers, and all are configured`)];
    const names = missing.map(({ nodeId, address }) => `${nodeId} (${address})`).join(", ");
    const fix = "list each under clusters[].nodes by its own API address, with raftNodeId when its name is another";
    return [warning(`raft knows servers that are not configured: ${names}`, fix)];
  },
};

/** Without a token only the leader is known, by the address that it gives itself. */
function judgeByLeader({ nodes }: ClusterExam) {
  const [first, ...others] = nodes;
  const named = first?.probe.leader?.leaderAddress ?? "";
  if (first === undefined || others.length > 0 || named === "" || sameOrigin(named, first.probe.node.address))
    return [];
  const seen = `the only configured node is ${first.probe.node.address}, and the leader calls itself ${named}`;
  const fix =
    "if a load balancer answers, its series mix several nodes: list each node under clusters[].nodes by its own address";
  return [warning(seen, fix)];
}
