import type { LoadedRun } from "../../../src/runner/ports.ts";
import type { OpenBaoCluster, OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";

/** How each step of a run ended, by its path. */
export function stepsOf({ run }: LoadedRun): Readonly<Record<string, string>> {
  return Object.fromEntries(run.steps.map(({ id, status }) => [id, status]));
}

/** Everything that a run told people, in one text: its notes, its steps and how it ended. */
export function wordsOf({ run }: LoadedRun): string {
  const end = run.status === "finished" ? [run.text] : [];
  return [...run.notes.map(({ text }) => text), ...run.steps.map(({ text = "" }) => text), ...end].join("\n");
}

/** The first two nodes that do not lead. */
export async function standbysOf(cluster: OpenBaoCluster): Promise<readonly [OpenBaoNode, OpenBaoNode]> {
  const leader = await cluster.activeNode();
  const [first, second] = cluster.nodes.filter(({ name }) => name !== leader.name);
  if (first === undefined || second === undefined) throw new Error("there are no two standbys");
  return [first, second];
}
