import { ok, problem } from "../diagnosis.ts";
import type { Diagnosis } from "../diagnosis.ts";
import { failureOf, valueOf } from "../examination.ts";
import type { ClusterExam } from "../examination.ts";
import type { Rule } from "../rule.ts";
import { sameOrigin } from "../same-origin.ts";

/** Whether one node leads. */
export const leader: Rule = {
  name: "leader",
  help: "One node is active.",
  judge: (exam) => {
    const node = valueOf(exam.active);
    const claims = exam.nodes.filter(({ probe }) => probe.leader?.isSelf === true);
    if (claims.length > 1) {
      const names = claims.map(({ probe }) => probe.node.name).join(" and ");
      const fix = "ask again: an election ends within seconds, a split does not";
      return [problem(`${names} both call themselves active`, fix)];
    }
    return [node === undefined ? judgeAbsence(exam) : ok(`${node.name} is active`)];
  },
};

function judgeAbsence({ active, nodes }: ClusterExam): Diagnosis {
  const message = failureOf(active)?.message ?? "cannot find the active node";
  const elsewhere = nodes.flatMap(({ probe }) => probe.leader?.leaderAddress ?? []).find((address) => address !== "");
  const isOurs = nodes.some(({ probe }) => elsewhere !== undefined && sameOrigin(probe.node.address, elsewhere));
  const fix =
    elsewhere === undefined || isOurs
      ? "unseal or start nodes until a majority of the voters serves"
      : `list ${elsewhere} under clusters[].nodes if it lives: a standby goes on naming a leader that is gone`;
  return problem(message.slice(0, message.lastIndexOf("; ")), fix);
}
