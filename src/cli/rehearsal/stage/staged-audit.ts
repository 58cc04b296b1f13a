import { errors } from "../../../sandbox/vault/answers.ts";
import type { ClusterState } from "../../../sandbox/vault/cluster-state.ts";
import type { Reply } from "./reply.ts";

/** What Vault answers without writing it to an audit device. */
const NOT_AUDITED = ["sys/health", "sys/seal-status", "sys/leader", "sys/init"];

/** More than anybody takes for quick, and less than a read waits. */
const SLOW_MS = 1500;

type Condition = "works" | "slow" | "blocks" | "fails";
type Asked = { readonly node: string; readonly path: string };

/** StagedAudit is how the audit devices of the leading node do. */
export type StagedAudit = {
  readonly set: (condition: Condition) => void;
  /** What comes of a request, where `answer` is what comes of it when auditing works. */
  readonly around: (state: ClusterState, asked: Asked, answer: () => Reply) => Reply;
};

/** Creates devices that work. */
export function createStagedAudit(): StagedAudit {
  let condition: Condition = "works";
  let works = Promise.withResolvers<void>();
  return {
    set: (next) => {
      condition = next;
      if (next !== "blocks") works.resolve();
      else works = Promise.withResolvers();
    },
    around: (state, asked, answer) => {
      if (condition === "works" || !isAudited(state, asked)) return answer();
      if (condition === "blocks") return { kind: "frozen", thawed: works.promise };
      if (condition === "slow") return slowed(answer());
      state.system.auditFailures += 1;
      return { kind: "answer", answer: errors(500, "internal error"), fault: undefined };
    },
  };
}

function slowed(reply: Reply): Reply {
  return reply.kind === "answer" ? { ...reply, takesMs: SLOW_MS } : reply;
}

/** A standby of HashiCorp's asks the leader, whose devices then write; one of OpenBao has devices of its own for what it answers. */
function isAudited({ leader, settings, nodes }: ClusterState, { node, path }: Asked): boolean {
  const running = nodes.find(({ name }) => name === node)?.running === true;
  if (!running || NOT_AUDITED.includes(path) || leader === undefined) return false;
  return settings.product === "vault" || node === leader;
}
