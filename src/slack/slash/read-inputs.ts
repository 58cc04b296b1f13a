import { readInputText } from "../../runbook/input-value.ts";
import type { Runbook } from "../../runbook/schema.ts";
import type { VaultCluster } from "../../vault/cluster.ts";
import { chosenClusters, nodeGroups } from "../modals/start-run.ts";
import { escape } from "../render/mrkdwn.ts";
import type { Inputs } from "../run-inputs.ts";
import { findCluster } from "./clusters-named.ts";
import { meant, names, shown } from "./shown.ts";

/** What was typed for the inputs of a runbook, or words (mrkdwn) that say what is wrong with it. */
export type ReadInputs = { readonly inputs: Inputs } | { readonly refusal: string };

const NAMED = /^(?<name>[A-Za-z][A-Za-z0-9_]*)=(?<value>.*)$/su;

/** Says whether a word gives an input by name: `node=vault-2`. */
export function isNamed(word: string): boolean {
  return NAMED.test(word);
}

/** Reads `cluster node input=value`: bare words fill the inputs of type cluster and node that no word names, in that order. */
export function readInputs(found: Runbook, words: readonly string[], clusters: readonly VaultCluster[]): ReadInputs {
  const named = words.flatMap((word): [string, string][] => {
    const groups = NAMED.exec(word)?.groups;
    return groups === undefined ? [] : [[(groups["name"] ?? "").toLowerCase(), groups["value"] ?? ""]];
  });
  const stray = named.find(([name]) => !Object.hasOwn(found.inputs, name))?.[0];
  if (stray !== undefined) return { refusal: noInput(found, stray) };
  const given = Object.fromEntries(named);
  const free = [...ofType(found, "cluster"), ...ofType(found, "node")].filter((name) => given[name] === undefined);
  const bare = words.filter((word) => !isNamed(word));
  const extra = bare[free.length];
  if (extra !== undefined)
    return { refusal: `${shown(extra)} is one word too many. Write other inputs as \`input=value\`.` };
  const placed = Object.fromEntries(bare.map((word, index) => [free[index] ?? "", word]));
  return checked(found, { ...given, ...placed }, clusters);
}

function noInput(found: Runbook, stray: string): string {
  const known = Object.keys(found.inputs);
  const others = known.length === 0 ? "It has none." : `Its inputs: ${names(known, 40)}.`;
  return `Runbook ${shown(found.id)} has no input ${shown(stray)}.${meant(stray, known, others)}`;
}

function ofType(found: Runbook, type: "cluster" | "node"): readonly string[] {
  return Object.keys(found.inputs).filter((name) => found.inputs[name]?.type === type);
}

/** Says early, and with the nearest name, what the run service would refuse. */
function checked(found: Runbook, typed: Inputs, clusters: readonly VaultCluster[]): ReadInputs {
  const inputs = Object.fromEntries(
    Object.entries(typed).map(([name, value]) => [name, asConfigured(found, name, value, clusters)]),
  );
  for (const [name, value] of Object.entries(inputs)) {
    const refusal = wrongValue(found, { name, value, inputs }, clusters);
    if (refusal !== undefined) return { refusal };
  }
  return { inputs };
}

/** Phones begin words with a capital. */
function asConfigured(found: Runbook, name: string, value: string, clusters: readonly VaultCluster[]): string {
  const type = found.inputs[name]?.type;
  if (type === "cluster") return findCluster(clusters, value)?.name ?? value;
  const nodes = clusters.flatMap((cluster) => cluster.nodes);
  if (type !== "node" || nodes.some((node) => node.name === value)) return value;
  return nodes.find((node) => node.name.toLowerCase() === value.toLowerCase())?.name ?? value;
}

type Value = { readonly name: string; readonly value: string; readonly inputs: Inputs };

function wrongValue(
  found: Runbook,
  { name, value, inputs }: Value,
  clusters: readonly VaultCluster[],
): string | undefined {
  const input = found.inputs[name];
  if (input === undefined) return undefined;
  const reading = readInputText(input, value);
  if (!reading.ok) return `Input ${shown(name)} ${escape(reading.why)}.`;
  const known =
    input.type === "cluster"
      ? clusters.map((cluster) => cluster.name)
      : nodeGroups(found, inputs, clusters).flatMap((group) => group.names);
  if ((input.type !== "cluster" && input.type !== "node") || known.includes(value) || known.length === 0)
    return undefined;
  const where =
    input.type === "node" && chosenClusters(found, inputs).length > 0
      ? ` in ${names(chosenClusters(found, inputs))}`
      : "";
  return `There is no ${input.type} ${shown(value)}${where}.${meant(value, known, `Known: ${names(known)}.`)}`;
}
