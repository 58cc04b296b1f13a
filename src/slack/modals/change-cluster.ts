import type { ButtonHandler } from "../buttons/button.ts";
import { placeOf, readMemory } from "./modal.ts";
import { filledIn, readHow, readStartForm } from "./read-start-form.ts";
import { readDigest, startRunModal } from "./start-run.ts";

/** Draws the form anew when another cluster was chosen in it, so that it offers that cluster's nodes. What is filled in stays. */
export const changeCluster: ButtonHandler = async (bot, { form }) => {
  const memory = form === undefined ? undefined : readMemory(form.private_metadata);
  const found = memory === undefined ? undefined : bot.catalog().get(memory.runbook);
  if (form === undefined || memory === undefined || found === undefined) return undefined;
  const filled = filledIn(readStartForm(found.runbook, { view: form }, bot.clusters));
  const view = startRunModal({
    runbook: found.runbook,
    inputs: memory.inputs,
    filled,
    clusters: bot.clusters,
    place: placeOf(memory),
    alertGroup: memory.alert === "" ? undefined : memory.alert,
    how: readHow({ view: form }, memory),
    digest: readDigest(memory),
  });
  // Without the hash: of two quick choices the second was made in a form that the first one's answer had not reached yet.
  await bot.outgoing.updateView({ id: form.id, hash: "" }, view);
  return undefined;
};
