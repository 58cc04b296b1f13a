import type { Family, FamilyDeclaration, Sample } from "../collector.ts";
import { gauge, withSamples } from "../family.ts";
import type { DropReason } from "./drop-reason.ts";
import type { NodeOutcome } from "./open-pages.ts";

const success = gauge(
  "sealwatch_passthrough_success",
  "1 if the node's own metrics are on this page as far as it has any (a standby of Vault has none, and is 1 with no samples), 0 if they could not be read to the end.",
  ["vault_node"],
);
const samples = gauge("sealwatch_passthrough_samples", "Samples of the node's own metrics on this page.", [
  "vault_node",
]);
const dropped = gauge(
  "sealwatch_passthrough_dropped_samples",
  "Samples of the node's own metrics that are not on this page, by reason.",
  ["vault_node", "reason"],
);

/** The families that tell how reading Vault's own metrics went; none when passthrough is off. */
export const PASSTHROUGH_FAMILIES: readonly FamilyDeclaration[] = [success, samples, dropped];

/** Gives the families of what came of each node's page, `vault_cluster` included. */
export function passthroughFamilies(outcomes: readonly NodeOutcome[]): readonly Family[] {
  const perNode = (read: (outcome: NodeOutcome) => number): readonly Sample[] =>
    outcomes.map((outcome) => ({ labels: labelsOf(outcome), value: read(outcome) }));
  return [
    withSamples(
      success,
      perNode(({ failure }) => Number(failure === undefined)),
    ),
    withSamples(
      samples,
      perNode(({ tally }) => tally.samples),
    ),
    withSamples(dropped, outcomes.flatMap(droppedBy)),
  ];
}

/** Every reason that left something out; those that did not would be nine zeros a node. */
function droppedBy(outcome: NodeOutcome): readonly Sample[] {
  const reasons = Object.entries(outcome.tally.dropped) as [DropReason, number][];
  return reasons.flatMap(([reason, value]) =>
    value === 0 ? [] : [{ labels: { ...labelsOf(outcome), reason }, value }],
  );
}

function labelsOf({ cluster, node }: NodeOutcome): Record<string, string> {
  return { vault_cluster: cluster, vault_node: node };
}
