import type { DocumentPath } from "../document/positions.ts";
import type { ConfigProblem } from "./problem.ts";
import type { ClusterConfig, Config } from "./schema.ts";

/** Refuses what the form allows and nobody can mean: neither or both of two ways to say one thing. */
export function checkChoices({ clusters, store }: Config): readonly ConfigProblem[] {
  const twoStores = store.path !== undefined && store.postgres !== undefined;
  return [
    ...(twoStores ? [problem(["store", "postgres"], "`path` is given already; keep `path` or `postgres`")] : []),
    ...clusters.flatMap((cluster, index) => checkCluster(cluster, ["clusters", index])),
  ];
}

const READS_NOTHING =
  "what is minted makes the call alone: most preconditions and proofs are read with `token` or `auth`, and neither is given";
const TWO_OPERATORS =
  "`operatorToken` is given already; keep `operator` (a token for each approved call) or `operatorToken` (one for all)";

function checkCluster(cluster: ClusterConfig, path: DocumentPath) {
  const { nodes, discovery, token, auth, operator, operatorToken, backups } = cluster;
  const noNodes = nodes.length === 0 && discovery === undefined;
  const raftAlone = nodes.length === 0 && discovery?.type === "raft";
  const both = token !== undefined && auth !== undefined;
  const bothOperate = operator !== undefined && operatorToken !== undefined;
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
    ...(bothOperate ? [problem([...path, "operator"], TWO_OPERATORS)] : []),
    ...(operator !== undefined && token === undefined && auth === undefined
      ? [{ ...problem([...path, "operator"], READS_NOTHING), severity: "warning" } as const]
      : []),
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
