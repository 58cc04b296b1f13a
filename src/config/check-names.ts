import type { DocumentPath } from "../document/positions.ts";
import type { ConfigProblem } from "./problem.ts";
import type { Config } from "./schema.ts";

type Named = { readonly path: DocumentPath; readonly value: string | undefined };

/** Refuses names that stand for two things: clusters, nodes, addresses, backups, people. */
export function checkNames({ clusters, access: { people } }: Config): readonly ConfigProblem[] {
  return [
    ...twice(
      "cluster",
      clusters.map(({ name }, index) => ({ path: ["clusters", index, "name"], value: name })),
    ),
    ...clusters.flatMap(({ nodes, backups }, index) => [
      ...twice("node of this cluster", field(["clusters", index, "nodes"], nodes, "name")),
      ...twice("node of this cluster", field(["clusters", index, "nodes"], nodes, "address")),
      ...twice("node of this cluster", field(["clusters", index, "nodes"], nodes, "raftNodeId")),
      ...twice("backup of this cluster", field(["clusters", index, "backups"], backups, "name")),
    ]),
    ...twice("person", field(["access", "people"], people, "name")),
    ...twice("person", field(["access", "people"], people, "slack")),
    ...twice("person", field(["access", "people"], people, "cli")),
  ];
}

function field<K extends string>(
  base: DocumentPath,
  items: readonly { readonly [key in K]?: string | undefined }[],
  key: K,
): readonly Named[] {
  return items.map((item, index) => ({ path: [...base, index, key], value: item[key] }));
}

function twice(what: string, named: readonly Named[]): readonly ConfigProblem[] {
  const seen = new Set<string>();
  return named.flatMap(({ path, value }) => {
    if (value === undefined) return [];
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    const message = `another ${what} has "${value}" already; every ${String(path.at(-1))} stands for one`;
    return [{ path, rule: "duplicate-name", severity: "error", message }];
  });
}
