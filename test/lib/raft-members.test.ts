import { describe, expect, it } from "@jest/globals";
import { matchRaftMembers } from "../../src/lib/raft-members.ts";

type Case = {
  readonly name: string;
  /** Name, raft node id, address of the API. */
  readonly nodes: readonly (readonly [string, string, string])[];
  /** Raft node id, cluster address. */
  readonly members: readonly (readonly [string, string])[];
  readonly pairs: Readonly<Record<string, string>>;
  readonly strangers: readonly string[];
};

const cases: readonly Case[] = [
  {
    name: "by id, whatever the hosts",
    nodes: [
      ["a", "id-a", "https://10.0.0.1:8200"],
      ["b", "id-b", "https://10.0.0.2:8200"],
    ],
    members: [
      ["id-b", "10.0.0.1:8201"],
      ["id-a", "10.0.0.2:8201"],
    ],
    pairs: { a: "id-a", b: "id-b" },
    strangers: [],
  },
  {
    name: "by host when raft made up the ids, whatever the case and the port",
    nodes: [
      ["a", "a", "https://vault-a.Example:8200"],
      ["b", "b", "http://[fd00::b]"],
    ],
    members: [
      ["uuid-1", "[fd00::b]:8201"],
      ["uuid-2", "VAULT-A.example.:8201"],
    ],
    pairs: { a: "uuid-2", b: "uuid-1" },
    strangers: [],
  },
  {
    name: "not by host where configured nodes share one, as on loopback",
    nodes: [
      ["a", "a", "http://127.0.0.1:8200"],
      ["b", "b", "http://127.0.0.1:8210"],
      ["c", "c", "http://10.0.0.3:8200"],
    ],
    members: [
      ["uuid-1", "127.0.0.1:8201"],
      ["uuid-3", "10.0.0.3:8201"],
    ],
    pairs: {},
    strangers: ["uuid-1", "uuid-3"],
  },
  {
    name: "not by a host that two members have: one may be the other's replacement",
    nodes: [
      ["a", "a", "https://vault-a:8200"],
      ["b", "b", "https://vault-b:8200"],
    ],
    members: [
      ["uuid-1", "vault-a:8201"],
      ["uuid-2", "vault-a:8201"],
      ["uuid-3", "vault-b:8201"],
    ],
    pairs: { b: "uuid-3" },
    strangers: ["uuid-1", "uuid-2"],
  },
  {
    name: "not by the host of a member that an id claims",
    nodes: [
      ["a", "id-b", "https://vault-a:8200"],
      ["b", "b", "https://vault-b:8200"],
    ],
    members: [["id-b", "vault-b:8201"]],
    pairs: { a: "id-b" },
    strangers: [],
  },
  {
    name: "two nodes with the same id to the same member",
    nodes: [
      ["a", "id-a", "https://vault-a:8200"],
      ["b", "id-a", "https://vault-b:8200"],
    ],
    members: [["id-a", "vault-a:8201"]],
    pairs: { a: "id-a", b: "id-a" },
    strangers: [],
  },
  {
    name: "nobody by an address that is none",
    nodes: [["a", "a", "nonsense"]],
    members: [["uuid-1", ""]],
    pairs: {},
    strangers: ["uuid-1"],
  },
];

describe("matchRaftMembers", () => {
  it.each(cases)("matches $name", ({ nodes, members, pairs, strangers }) => {
    const matches = matchRaftMembers(
      nodes.map(([name, raftNodeId, address]) => ({ name, raftNodeId, address })),
      members.map(([nodeId, address]) => ({ nodeId, address })),
    );
    expect(Object.fromEntries(matches.pairs.map(({ node, member }) => [node.name, member.nodeId]))).toEqual(pairs);
    expect(matches.strangers.map(({ nodeId }) => nodeId)).toEqual(strangers);
  });
});

describe("matchRaftMembers in Kubernetes", () => {
  const node = (name: string, address: string) => ({ name, raftNodeId: name, address });
  const member = (nodeId: string, address: string) => ({ nodeId, address });

  it("knows one name at two lengths, and never gives one member to two nodes", () => {
    const nodes = [
      node("vault-0", "https://vault-0.vault-internal.vault.svc:8200"),
      node("vault-1", "https://vault-1.vault-internal.vault.svc:8200"),
    ];
    const members = [member("7f3a", "vault-0.vault-internal:8201"), member("9c1b", "vault-1.vault-internal:8201")];
    expect(matchRaftMembers(nodes, members).pairs.map((pair) => [pair.node.name, pair.member.nodeId])).toEqual([
      ["vault-0", "7f3a"],
      ["vault-1", "9c1b"],
    ]);
    const twins = [node("a", "https://vault:8200"), node("b", "https://vault.example:8200")];
    expect(matchRaftMembers(twins, [member("x", "vault.example:8201")]).pairs).toEqual([]);
  });
});
