import { isDeepStrictEqual } from "node:util";
import type { NodeDiscovery } from "../discovery/node-discovery.ts";
import { toFailure, type Failure } from "../lib/failure.ts";
import type { VaultNode } from "./cluster.ts";
import { createVaultNode } from "./create-node.ts";
import type { VaultTransport } from "./transport.ts";

/** Where a node is: what the configuration says, or what was found. */
export type NodeAddress = {
  readonly name: string;
  readonly address: string;
  readonly raftNodeId?: string | undefined;
  readonly serverName?: string | undefined;
};

/** What live nodes are made from. */
export type LiveNodesOptions = {
  readonly configured: readonly NodeAddress[];
  readonly discovery: Pick<NodeDiscovery, "nodes"> | undefined;
  readonly transportFor: (node: NodeAddress) => VaultTransport;
  /** Told once of each reason why a found node cannot be spoken to. */
  readonly report: (failure: Failure) => void;
};

/** LiveNodes is the nodes of a cluster as they are at the moment of asking. */
export type LiveNodes = {
  /** The configured nodes, then the others that were found; the same array until others are found. */
  readonly current: () => readonly VaultNode[];
  /** The way to each of them. */
  readonly transports: () => readonly VaultTransport[];
  /** The most that there ever were at a time. */
  readonly most: () => number;
  readonly close: () => Promise<void>;
};

type Open = { readonly at: NodeAddress; readonly node: VaultNode; readonly transport: VaultTransport };

/**
 * Creates the nodes of a cluster: the configured ones stay, found ones come and go. A found node with the name or the address of a configured
 * one is that one. A node that goes is let finish the calls under way; a new call to it fails with reason `unreachable`.
 */
export function createLiveNodes({ configured, discovery, transportFor, report }: LiveNodesOptions): LiveNodes {
  const open = (at: NodeAddress): Open => {
    const transport = transportFor(at);
    return { at, transport, node: createVaultNode(transport, at.raftNodeId ?? at.name) };
  };
  const always = configured.map(open);
  const reported = new Set<string>();
  let seen: readonly NodeAddress[] = [];
  let found: readonly Open[] = [];
  let nodes = always.map(({ node }) => node);
  let most = nodes.length;

  const update = (all: readonly NodeAddress[]): void => {
    const wanted = withoutKnown(configured, all);
    const next = wanted.flatMap((at) => found.find((each) => isDeepStrictEqual(each.at, at)) ?? tryToOpen(at));
    for (const gone of found) if (!next.includes(gone)) void gone.transport.close("idle");
    found = next;
    nodes = [...always, ...found].map(({ node }) => node);
    most = Math.max(most, always.length + wanted.length);
    // One that could not be opened is tried again at the next question.
    if (found.length === wanted.length) seen = all;
  };
  const tryToOpen = (at: NodeAddress): Open[] => {
    try {
      return [open(at)];
    } catch (error) {
      const failure = toFailure(error);
      if (!reported.has(failure.message)) report(failure);
      reported.add(failure.message);
      return [];
    }
  };
  const current = (): readonly VaultNode[] => {
    const all = discovery?.nodes() ?? seen;
    if (all !== seen) update(all);
    return nodes;
  };
  return {
    current,
    transports: () => {
      current();
      return [...always, ...found].map(({ transport }) => transport);
    },
    most: () => {
      current();
      return most;
    },
    close: async () => {
      await Promise.all([...always, ...found].map(async ({ transport }) => await transport.close()));
    },
  };
}

/** The found nodes that are none of the others; of two with one name or one address the first counts. */
function withoutKnown(configured: readonly NodeAddress[], all: readonly NodeAddress[]): readonly NodeAddress[] {
  const known = [...configured];
  for (const at of all) if (!known.some((other) => isSame(at, other))) known.push(at);
  return known.slice(configured.length);
}

function isSame(left: NodeAddress, right: NodeAddress): boolean {
  return left.name === right.name || originOf(left) === originOf(right);
}

/** What was found may be no address at all; opening it says so. */
function originOf({ address }: NodeAddress): string {
  return URL.parse(address)?.origin ?? address;
}
