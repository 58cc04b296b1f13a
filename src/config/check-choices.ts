import type { DocumentPath } from "../document/positions.ts";
import type { ConfigProblem } from "./problem.ts";
import type { ClusterConfig, Config } from "./schema.ts";

/** Refuses what the form allows and nobody can mean: neither or both of two ways to say one thing. */
export function checkChoices({ clusters }: Config): readonly ConfigProblem[] {
  return clusters.flatMap((cluster, index) => checkCluster(cluster, ["clusters", index]));
}

function checkCluster({ nodes, discovery, token, auth, backups }: ClusterConfig, path: DocumentPath) {
  const noNodes = nodes.length === 0 && discovery === undefined;
  const raftAlone = nodes.length === 0 && discovery?.type === "raft";
  const both = token !== undefined && auth !== undefined;
  return [
    ...(noNodes
      ? [problem(path, "this cluster has no nodes: list them under `nodes`, or say where with `discovery`")]
      : []),
    ...(raftAlone
      ? [
          problem(
            [...path, "discovery"],
            "raft tells of nodes only where one is known: list at least one under `nodes`",
          ),
        ]
      : []),
    ...(both ? [problem([...path, "auth"], "`token` is given already; keep `token` or `auth`")] : []),
    ...backups.flatMap((backup, at) => checkBackup(backup, [...path, "backups", at])),
  ];
}

function checkBackup({ directory, s3 }: ClusterConfig["backups"][number], path: DocumentPath): ConfigProblem[] {
  if (directory === undefined && s3 === undefined)
    return [problem(path, "a backup lands in a `directory` or in `s3`: say which")];
  if (directory !== undefined && s3 !== undefined)
    return [problem(path, "keep `directory` or `s3`: a backup lands in one place")];
  if (s3 !== undefined && (s3.accessKeyId === undefined) !== (s3.secretAccessKey === undefined)) {
    return [problem([...path, "s3"], "`accessKeyId` and `secretAccessKey` belong together; give both or neither")];
  }
  return [];
}

function problem(path: DocumentPath, message: string): ConfigProblem {
  return { path, rule: "choice", severity: "error", message };
}
