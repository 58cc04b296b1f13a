import { FailureError } from "../../lib/failure.ts";
import type { Secret } from "../../lib/secret.ts";
import type { VaultCluster, VaultNode } from "../cluster.ts";
import { createVaultNode } from "../create-node.ts";
import type { VaultTransport } from "../transport.ts";

/** SessionToken is the token of an approved call, while its step lasts. */
export type SessionToken = { readonly token: Secret; readonly isOver: () => boolean };

/**
 * Gives the same cluster with another token for its changing calls (`operate`), and only for these. After the end of the step they are
 * refused here, before anything is sent. Closing it closes nothing.
 */
export function sessionCluster(
  cluster: VaultCluster,
  transports: () => readonly VaultTransport[],
  session: SessionToken,
): VaultCluster {
  const wrapped = new WeakMap<VaultNode, VaultNode>();
  const wrap = (node: VaultNode): VaultNode => {
    const known = wrapped.get(node) ?? withToken(node, transports(), { ...session, cluster: cluster.name });
    wrapped.set(node, known);
    return known;
  };
  return {
    ...cluster,
    get nodes() {
      return cluster.nodes.map(wrap);
    },
    get expectedNodes() {
      return cluster.expectedNodes;
    },
    node: (name) => wrap(cluster.node(name)),
    activeNode: async (options) => wrap(await cluster.activeNode(options)),
    close: async () => {},
  };
}

type NamedSession = SessionToken & { readonly cluster: string };

/** A node that went meanwhile stays as it is: a call to it fails. */
function withToken(node: VaultNode, transports: readonly VaultTransport[], session: NamedSession): VaultNode {
  const transport = transports.find(({ nodeName, address }) => nodeName === node.name && address === node.address);
  return transport === undefined ? node : createVaultNode(operateWith(transport, session), node.raftNodeId);
}

function operateWith(transport: VaultTransport, session: NamedSession): VaultTransport {
  const tokenFor = (asked: VaultTransportToken): VaultTransportToken => {
    if (asked !== "operate") return asked;
    if (session.isOver()) throw isOver(session, transport);
    return session.token;
  };
  return {
    ...transport,
    request: async (asked) => await transport.request({ ...asked, token: tokenFor(asked.token) }),
    stream: async (asked) => await transport.stream({ ...asked, token: tokenFor(asked.token) }),
  };
}

type VaultTransportToken = Parameters<VaultTransport["request"]>[0]["token"];

function isOver({ cluster }: NamedSession, { nodeName }: VaultTransport): FailureError {
  return new FailureError({
    reason: "denied",
    retryable: false,
    message: `cannot call ${nodeName} of ${cluster} any more: the step is over and its token was given back; approve a step anew`,
  });
}
