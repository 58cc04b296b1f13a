import { NOBODY } from "../access/person.ts";
import type { DocumentPath } from "../document/positions.ts";
import { suggestion } from "../lib/nearest.ts";
import type { ConfigProblem } from "./problem.ts";
import type { Config } from "./schema.ts";

type Named = { readonly path: DocumentPath; readonly value: string | undefined };

/** Refuses names that stand for two things: clusters, nodes, addresses, backups, probes, programs, people, groups; and a program for a cluster that there is not. */
export function checkNames({ clusters, probes, exec, access }: Config): readonly ConfigProblem[] {
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
    ...twice("probe", field(["probes"], probes, "name")),
    ...twice("program", field(["exec"], exec, "name")),
    ...exec.flatMap((each, index) => unknownClusters(each.clusters, clusters, ["exec", index, "clusters"])),
    ...checkPeople(access),
  ];
}

function unknownClusters(
  named: readonly string[] = [],
  clusters: Config["clusters"],
  path: DocumentPath,
): readonly ConfigProblem[] {
  const known = clusters.map(({ name }) => name);
  return named.flatMap((name, index): readonly ConfigProblem[] =>
    known.includes(name)
      ? []
      : [
          {
            path: [...path, index],
            rule: "unknown-cluster",
            severity: "error",
            message: `there is no cluster "${name}"${suggestion(name, known)}`,
          },
        ],
  );
}

function checkPeople({ people, groups, oidc }: Config["access"]): readonly ConfigProblem[] {
  const named = (key: "name" | "slack" | "cli" | "oidc"): readonly Named[] => field(["access", "people"], people, key);
  // Nobody tells e-mail addresses apart by their capitals.
  const sameCase = (value: string | undefined): string | undefined =>
    oidc?.subjectClaim === "email" ? value?.toLowerCase() : value;
  return [
    ...twice("person", named("name")),
    ...twice("person", ofSomebody(named("slack"))),
    ...twice("person", named("cli")),
    ...twice(
      "person",
      ofSomebody(named("oidc")).map(({ path, value }) => ({ path, value: sameCase(value) })),
    ),
    ...twice("group", field(["access", "groups"], groups, "name")),
  ];
}

/** Several may say that they have none. */
function ofSomebody(named: readonly Named[]): readonly Named[] {
  return named.filter(({ value }) => value !== NOBODY);
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
