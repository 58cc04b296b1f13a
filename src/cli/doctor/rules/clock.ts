import { ok, warning } from "../diagnosis.ts";
import type { Rule } from "../rule.ts";

/** Tokens, leases and certificates are judged by each node's own clock. */
const MAX_SKEW_S = 2;

/** Whether the nodes' clocks agree with ours. */
export const clock: Rule = {
  name: "clock",
  help: "The nodes' clocks are ours to within 2 s.",
  judge: ({ nodes }) => {
    const off = nodes.flatMap(({ probe: { node, clockSkewSeconds: skew } }) => {
      if (skew === undefined || Math.abs(skew) <= MAX_SKEW_S) return [];
      const seen = `its clock is ${Math.abs(skew)} s ${skew > 0 ? "ahead of" : "behind"} ours`;
      return [warning(seen, "synchronise both with NTP (chronyc tracking); TTLs and JWTs are judged by it", node.name)];
    });
    const answered = nodes.some(({ probe }) => probe.clockSkewSeconds !== undefined);
    return off.length > 0 || !answered ? off : [ok("the clocks agree with ours")];
  },
};
