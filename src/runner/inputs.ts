import { suggestion } from "../lib/nearest.ts";
import type { Runbook } from "../runbook/schema.ts";
import type { Values } from "../engine/run.ts";

/** The clusters and nodes that inputs may name. */
export type KnownClusters = ReadonlyMap<string, { readonly nodes: readonly { readonly name: string }[] }>;

/** Inputs that fit a runbook, or everything that is wrong with them. */
export type ResolvedInputs =
  | { readonly ok: true; readonly cluster: string; readonly inputs: Values }
  | { readonly ok: false; readonly why: string };

/** Checks the inputs of a run against its runbook: all there, none unknown, clusters and nodes that are configured. */
export function resolveInputs(
  runbook: Runbook,
  given: Readonly<Record<string, string>>,
  clusters: KnownClusters,
): ResolvedInputs {
  const declared = Object.keys(runbook.inputs);
  const problems = Object.keys(given)
    .filter((name) => !declared.includes(name))
    .map((name) => `unknown input "${name}"${suggestion(name, declared)}`);
  const inputs: Record<string, string> = {};
  for (const [name, input] of Object.entries(runbook.inputs)) {
    const value = given[name] ?? input.default;
    if (value === undefined)
      problems.push(`input "${name}" is missing${input.description === undefined ? "" : ` (${input.description})`}`);
    else inputs[name] = value;
  }
  const cluster = clusterOf(runbook, inputs);
  problems.push(...valueProblems(runbook, inputs, { clusters, cluster }));
  if (problems.length > 0 || cluster === undefined)
    return { ok: false, why: problems.join("; ") || "the runbook has no input of type cluster" };
  return { ok: true, cluster, inputs };
}

function clusterOf(runbook: Runbook, inputs: Readonly<Record<string, string>>): string | undefined {
  const name = Object.entries(runbook.inputs).find(([, input]) => input.type === "cluster")?.[0];
  return name === undefined ? undefined : inputs[name];
}

function valueProblems(
  runbook: Runbook,
  inputs: Readonly<Record<string, string>>,
  { clusters, cluster }: { readonly clusters: KnownClusters; readonly cluster: string | undefined },
): string[] {
  return Object.entries(inputs).flatMap(([name, value]) => {
    const input = runbook.inputs[name];
    if (input?.type === "cluster" && !clusters.has(value))
      return [`there is no cluster "${value}"${suggestion(value, [...clusters.keys()])}`];
    if (input?.type === "node") {
      const nodes = clusters.get(cluster ?? "")?.nodes.map((node) => node.name) ?? [];
      if (nodes.length > 0 && !nodes.includes(value))
        return [`cluster "${cluster}" has no node "${value}"${suggestion(value, nodes)}`];
    }
    if (input?.pattern !== undefined && !new RegExp(`^(?:${input.pattern})$`, "u").test(value)) {
      return [`input "${name}" does not fit the pattern ${input.pattern}`];
    }
    return [];
  });
}
