import type { Runbook } from "../runbook/schema.ts";

/** Which runbook answers an alert, with the inputs that the alert's labels fill. */
export type RunbookMatch = { readonly runbook: string; readonly inputs: Readonly<Record<string, string>> };

/** The parts of a runbook by which it is matched. */
export type MatchableRunbook = Pick<Runbook, "id" | "alerts" | "inputs">;

type Labels = Readonly<Record<string, string>>;

/**
 * Finds the runbook of an alert: the one that its label `runbook` names, else the first that lists its name; undefined when there is none.
 * Each input is filled from its own `label`, else by type: `vault_cluster` for a cluster, `vault_node` for a node. What no label fills is left out.
 */
export function matchRunbook(labels: Labels, runbooks: Iterable<MatchableRunbook>): RunbookMatch | undefined {
  const all = [...runbooks];
  const named = read(labels, "runbook");
  const alert = read(labels, "alertname");
  const found =
    all.find(({ id }) => id === named) ?? all.find(({ alerts }) => alert !== undefined && alerts.includes(alert));
  return found === undefined ? undefined : { runbook: found.id, inputs: fillInputs(labels, found.inputs) };
}

function fillInputs(labels: Labels, inputs: Runbook["inputs"]): Readonly<Record<string, string>> {
  const filled = Object.entries(inputs).flatMap(([name, { type, label }]) => {
    const value = read(labels, label ?? labelOf(type));
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(filled);
}

function labelOf(type: Runbook["inputs"][string]["type"]): string | undefined {
  if (type === "cluster") return "vault_cluster";
  return type === "node" ? "vault_node" : undefined;
}

/** Labels are foreign: one may be called `constructor`, and Prometheus takes an empty label for none. */
function read(labels: Labels, name: string | undefined): string | undefined {
  if (name === undefined || !Object.hasOwn(labels, name)) return undefined;
  return labels[name] === "" ? undefined : labels[name];
}
