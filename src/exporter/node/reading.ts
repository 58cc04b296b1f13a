import type { Family, FamilyDeclaration, Sample } from "../collector.ts";
import { gauge, withSamples } from "../family.ts";
import type { NodeProbe } from "../probe-nodes.ts";

/** Reading is how one family is read from a node's probe; no sample is "not known". */
export type Reading = { readonly family: FamilyDeclaration; readonly read: (probe: NodeProbe) => readonly Sample[] };

/** How HELP texts say that a family needs a node that answers. */
export const ONLY_UP = "No sample while the node cannot be asked (sealwatch_node_up 0).";

/** How HELP texts say that a family is about unsealed nodes. */
export const ONLY_UNSEALED = "Only while the node is unsealed.";

/** Declares a number of a node; undefined is "not known" and gives no sample. */
export function reading(name: Family["name"], help: string, value: (probe: NodeProbe) => number | undefined): Reading {
  return {
    family: gauge(name, help, ["vault_node"]),
    read: (probe) => {
      const known = value(probe);
      return known === undefined ? [] : [{ value: known }];
    },
  };
}

/** Declares words of a node, as labels of a sample that is 1; undefined is "not known" and gives no sample. */
export function info(
  name: Family["name"],
  help: string,
  labels: readonly string[],
  read: (probe: NodeProbe) => Readonly<Record<string, string>> | undefined,
): Reading {
  return {
    family: gauge(name, help, ["vault_node", ...labels]),
    read: (probe) => {
      const known = read(probe);
      return known === undefined ? [] : [{ value: 1, labels: known }];
    },
  };
}

/** Reads a family of every node. */
export function readFamily({ family, read }: Reading, probes: readonly NodeProbe[]): Family {
  return withSamples(
    family,
    probes.flatMap((probe) =>
      read(probe).map((sample) => ({ ...sample, labels: { vault_node: probe.node.name, ...sample.labels } })),
    ),
  );
}
