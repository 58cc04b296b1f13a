import { suggestion } from "../lib/nearest.ts";
import { inputDefault, readInputText, type ValueReading } from "../runbook/input-value.ts";
import type { Input, Runbook } from "../runbook/schema.ts";
import type { Values } from "../engine/run.ts";

/** The clusters and nodes that inputs may name. */
export type KnownClusters = ReadonlyMap<string, { readonly nodes: readonly { readonly name: string }[] }>;

/** Inputs that fit a runbook, in the form that expressions read, or everything that is wrong with them. */
export type ResolvedInputs =
  | { readonly ok: true; readonly cluster: string; readonly inputs: Values }
  | { readonly ok: false; readonly why: string };

/** Checks the inputs of a run against its runbook: all there, none unknown, each of its type, clusters and nodes that are configured. */
export function resolveInputs(
  runbook: Runbook,
  given: Readonly<Record<string, string>>,
  clusters: KnownClusters,
): ResolvedInputs {
  const declared = Object.keys(runbook.inputs);
  const problems = Object.keys(given)
    .filter((name) => !declared.includes(name))
    .map((name) => `unknown input "${name}"${suggestion(name, declared)}`);
  const inputs: [string, ValueOf][] = [];
  for (const [name, input] of Object.entries(runbook.inputs)) {
    const reading = readGiven(input, Object.hasOwn(given, name) ? given[name] : undefined);
    if (reading.ok) inputs.push([name, reading.value]);
    else problems.push(`input "${name}" ${reading.why}`);
  }
  const values: Values = Object.fromEntries(inputs);
  const cluster = clusterOf(runbook, values);
  problems.push(...placeProblems(runbook, values, { clusters, cluster }));
  if (problems.length > 0 || cluster === undefined)
    return { ok: false, why: problems.join("; ") || "the runbook has no input of type cluster" };
  return { ok: true, cluster, inputs: values };
}

type ValueOf = Values[string];

function readGiven(input: Input, text: string | undefined): ValueReading {
  if (text !== undefined) return readInputText(input, text);
  const value = inputDefault(input);
  if (value !== undefined) return { ok: true, value };
  return { ok: false, why: `is missing${input.description === undefined ? "" : ` (${input.description})`}` };
}

function clusterOf(runbook: Runbook, inputs: Values): string | undefined {
  const name = Object.entries(runbook.inputs).find(([, input]) => input.type === "cluster")?.[0];
  const value = name !== undefined && Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

function placeProblems(
  runbook: Runbook,
  inputs: Values,
  { clusters, cluster }: { readonly clusters: KnownClusters; readonly cluster: string | undefined },
): string[] {
  return Object.entries(inputs).flatMap(([name, value]) => {
    const type = runbook.inputs[name]?.type;
    if (typeof value !== "string") return [];
    if (type === "cluster" && !clusters.has(value))
      return [`there is no cluster "${value}"${suggestion(value, [...clusters.keys()])}`];
    if (type !== "node") return [];
    const nodes = clusters.get(cluster ?? "")?.nodes.map((node) => node.name) ?? [];
    return nodes.length === 0 || nodes.includes(value)
      ? []
      : [`cluster "${cluster}" has no node "${value}"${suggestion(value, nodes)}`];
  });
}
