import { suggestion } from "../lib/nearest.ts";
import { findSecret } from "../lib/redact.ts";
import { defaultText, readInputText } from "../runbook/input-value.ts";
import type { Input, Runbook } from "../runbook/schema.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import type { KnownInputs } from "./template-text.ts";

/** PreparedStart is what a link to a runbook says about a run: the inputs that can be used, and what is wrong with the others. */
export type PreparedStart = {
  readonly inputs: KnownInputs;
  /** Names of inputs that still need a value. */
  readonly missing: readonly string[];
  readonly problems: readonly string[];
  /** The cluster that the inputs name. */
  readonly cluster: VaultCluster | undefined;
};

/** Takes a runbook's inputs from a link's query. A value that is unknown, too long or looks like a secret is told about and never used. */
export function prepareStart(
  runbook: Runbook,
  query: Readonly<Record<string, unknown>>,
  clusters: readonly VaultCluster[],
): PreparedStart {
  const inputs: Record<string, string> = {};
  const problems: string[] = [];
  const names = Object.keys(runbook.inputs).sort(clustersFirst(runbook));
  for (const name of names) {
    const input = runbook.inputs[name];
    const value = input === undefined ? undefined : (valueOf(query, name) ?? defaultText(input));
    if (value === undefined || input === undefined) continue;
    const problem = problemOf(value, { input, name, clusters, cluster: clusterOf(runbook, inputs, clusters) });
    if (problem === undefined) inputs[name] = value;
    else problems.push(problem);
  }
  return {
    inputs,
    problems,
    missing: Object.keys(runbook.inputs).filter((name) => !Object.hasOwn(inputs, name)),
    cluster: clusterOf(runbook, inputs, clusters),
  };
}

/** A node can only be checked once its cluster is known. */
function clustersFirst({ inputs }: Runbook): (left: string, right: string) => number {
  const rank = (name: string) => (inputs[name]?.type === "cluster" ? 0 : 1);
  return (left, right) => rank(left) - rank(right);
}

function valueOf(query: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = Object.hasOwn(query, name) ? query[name] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

function clusterOf(runbook: Runbook, inputs: KnownInputs, clusters: readonly VaultCluster[]): VaultCluster | undefined {
  const name = Object.keys(runbook.inputs).find((input) => runbook.inputs[input]?.type === "cluster");
  return clusters.find((cluster) => name !== undefined && cluster.name === inputs[name]);
}

type Given = {
  readonly input: Input;
  readonly name: string;
  readonly clusters: readonly VaultCluster[];
  readonly cluster: VaultCluster | undefined;
};

function problemOf(value: string, given: Given): string | undefined {
  const { input, name } = given;
  const secret = findSecret(value);
  if (secret !== undefined)
    return `the value of "${name}" looks like a ${secret}, so it is not shown; if it is one, it stands in histories and logs now: revoke it`;
  const reading = readInputText(input, value);
  return reading.ok ? unknownName(value, given) : `the value of "${name}" ${reading.why}`;
}

function unknownName(value: string, { input: { type }, clusters, cluster }: Given): string | undefined {
  const known = clusters.map((held) => held.name);
  if (type === "cluster" && !known.includes(value)) return `there is no cluster "${value}"${suggestion(value, known)}`;
  if (type !== "node" || cluster === undefined) return undefined;
  const nodes = cluster.nodes.map((node) => node.name);
  return nodes.includes(value)
    ? undefined
    : `cluster "${cluster.name}" has no node "${value}"${suggestion(value, nodes)}`;
}
