import { FailureError } from "../lib/failure.ts";
import type { ClusterIdentity, IdentityMemory, VaultNode } from "./cluster.ts";
import type { CallOptions } from "./transport.ts";

/** What the question of identity is about. */
export type IdentityQuestion = {
  readonly cluster: string;
  readonly nodes: readonly VaultNode[];
  /** The id in the configuration; it wins over the remembered one. */
  readonly configuredId: string | undefined;
  readonly memory: IdentityMemory;
};

/** A hung node must not hold up those who act on the answer; a call's own time wins. */
const READ_MS = 2000;

type Claim = { readonly node: VaultNode; readonly identity: ClusterIdentity };

/**
 * Reads the identity from every node that can say, and pins the first one ever seen. Throws reason `wrong-cluster` when a node
 * says another than the configured or remembered one, or when two nodes disagree. Gives what is known while none can say.
 */
export async function readClusterIdentity(
  question: IdentityQuestion,
  options: CallOptions = {},
): Promise<ClusterIdentity | undefined> {
  // All answers are waited for, hung nodes for 2 s: this question guards calls that cannot be taken back.
  const claims = await readClaims(question.nodes, options);
  const remembered = question.memory.load(question.cluster);
  const pinned = question.configuredId ?? remembered?.clusterId ?? claims[0]?.identity.clusterId;
  const stranger = claims.find(({ identity }) => identity.clusterId !== pinned);
  if (stranger !== undefined && pinned !== undefined) throw wrongCluster(question, stranger, pinned);
  const said = claims[0]?.identity;
  if (said === undefined) return recall(question.configuredId, remembered);
  if (said.clusterId !== remembered?.clusterId || said.clusterName !== remembered.clusterName) {
    question.memory.save(question.cluster, said);
  }
  return said;
}

/** A sealed, uninitialized or unreachable node cannot say, and a listener may hide the name; no id is no claim. */
async function readClaims(nodes: readonly VaultNode[], options: CallOptions): Promise<Claim[]> {
  const answers = await Promise.allSettled(
    nodes.map(async (node) => ({ node, health: await node.health({ timeoutMs: READ_MS, ...options }) })),
  );
  return answers.flatMap((answer) => {
    if (answer.status === "rejected") return [];
    const { node, health } = answer.value;
    if (health.clusterId === undefined || health.clusterId === "") return [];
    return [{ node, identity: { clusterId: health.clusterId, clusterName: health.clusterName ?? "" } }];
  });
}

function recall(
  configuredId: string | undefined,
  remembered: ClusterIdentity | undefined,
): ClusterIdentity | undefined {
  if (configuredId === undefined || configuredId === remembered?.clusterId) return remembered;
  return { clusterId: configuredId, clusterName: "" };
}

function wrongCluster({ cluster, configuredId }: IdentityQuestion, { node, identity }: Claim, pinned: string): Error {
  const known = configuredId === undefined ? "is known as" : "is configured as";
  return new FailureError({
    reason: "wrong-cluster",
    retryable: false,
    message:
      `cannot trust ${node.name} (${node.address}) as a node of ${cluster}: it says cluster id ${identity.clusterId}, ` +
      `but ${cluster} ${known} ${pinned}; correct the address, or pin the new id with clusterId when the cluster was rebuilt`,
  });
}
