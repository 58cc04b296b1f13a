/** A node as the configuration has it. Who configures no `raftNodeId` has the node's name in it, which raft may never have heard of. */
export type ConfiguredNode = {
  readonly name: string;
  readonly raftNodeId: string;
  /** Of its API: `https://vault-0.example:8200`. */
  readonly address: string;
};

/** A member as raft lists it. */
export type ListedMember = {
  readonly nodeId: string;
  /** Host and cluster port: `vault-0.example:8201`. */
  readonly address: string;
};

/** Which configured node is which member of raft. */
export type RaftMatches<N extends ConfiguredNode, M extends ListedMember> = {
  readonly pairs: readonly { readonly node: N; readonly member: M }[];
  /**
   * Members that match no configured node. While there is one, a node without a member may be it: nobody may conclude then that raft does
   * not list the node.
   */
  readonly strangers: readonly M[];
};

/**
 * Matches nodes to members: by raft node id, else by host, where the node's API and the member's cluster address have the same one. Hosts
 * are compared only when no two configured nodes share one (as on loopback), and only with a host that one member has and no id claims.
 */
export function matchRaftMembers<N extends ConfiguredNode, M extends ListedMember>(
  nodes: readonly N[],
  members: readonly M[],
): RaftMatches<N, M> {
  const byId = pair(nodes, (node) => members.find(({ nodeId }) => nodeId === node.raftNodeId));
  const claimed = new Set(byId.map(({ member }) => member));
  const rest = haveHostsOfTheirOwn(nodes) ? nodes.filter((node) => byId.every((each) => each.node !== node)) : [];
  const byHost = pair(rest, (node) => {
    const [first, ...others] = members.filter(({ address }) =>
      sameHost(hostOf(`https://${address}`), hostOf(node.address)),
    );
    return first === undefined || others.length > 0 || claimed.has(first) ? undefined : first;
  });
  const once = byHost.filter(({ member }) => byHost.filter((each) => each.member === member).length === 1);
  const pairs = [...byId, ...once];
  return { pairs, strangers: members.filter((member) => pairs.every((each) => each.member !== member)) };
}

function pair<N, M>(nodes: readonly N[], memberFor: (node: N) => M | undefined): { node: N; member: M }[] {
  return nodes.flatMap((node) => {
    const member = memberFor(node);
    return member === undefined ? [] : [{ node, member }];
  });
}

function haveHostsOfTheirOwn(nodes: readonly ConfiguredNode[]): boolean {
  return new Set(nodes.map(({ address }) => hostOf(address))).size === nodes.length;
}

/** Kubernetes writes one name at several lengths: raft lists `vault-0.vault-internal`, and people configure `vault-0.vault-internal.vault.svc`. */
function sameHost(left: string, right: string): boolean {
  return left === right || left.startsWith(`${right}.`) || right.startsWith(`${left}.`);
}

/** An address that is no address is a host of its own, equal to none. */
function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).hostname.replace(/\.$/u, "") : address;
}
