import type { types } from "@slack/bolt";
import type { Runbook } from "../../runbook/schema.ts";
import type { VaultCluster } from "../../vault/cluster.ts";
import { ACTIONS, BLOCKS, VIEWS } from "../ids.ts";
import type { Place } from "../outgoing.ts";
import { clean } from "../render/clean.ts";
import { context, section, type Block } from "../render/content.ts";
import { cut } from "../render/limits.ts";
import { escape } from "../render/mrkdwn.ts";
import { missingInputs, withDefaults, type Inputs } from "../run-inputs.ts";
import { memoryOf, modal, NO_MEMORY, writePlan, type ModalMemory } from "./modal.ts";
import { runField, type Group } from "./run-field.ts";

/** What the form is drawn from; `alertGroup` is the button's value when an alert's card opened it. */
export type StartRunForm = {
  readonly runbook: Runbook;
  /** What is given already: it is shown and not asked for. */
  readonly inputs: Inputs;
  /** What stands in the fields already. */
  readonly filled?: Inputs;
  readonly clusters: readonly VaultCluster[];
  readonly place: Place;
  readonly alertGroup: string | undefined;
  readonly how?: StartHow;
  /** Digest of the runbook's text, so that nobody starts another text than they saw. */
  readonly digest?: string | undefined;
};

/** How a run is to be started, besides its inputs. */
export type StartHow = { readonly dryRun: boolean; readonly drill: boolean };

/** Slack keeps 3,000 characters with a modal; longer inputs are asked for again. */
const MEMORY = 2000;
const GIVEN = 200;

/** Draws the form that starts a runbook: what it is, what is given already, and a field for every other input. */
export function startRunModal(form: StartRunForm): types.ModalView {
  const { runbook, clusters, place, alertGroup, digest } = form;
  const fits = JSON.stringify(clean(form.inputs)).length <= MEMORY;
  const inputs = fits ? form.inputs : {};
  const filled = { ...(fits ? {} : form.inputs), ...form.filled };
  const memory = {
    ...NO_MEMORY,
    runbook: runbook.id,
    digest: digest === undefined ? "" : writePlan(digest),
    inputs: { ...inputs },
    alert: alertGroup ?? "",
    ...form.how,
    ...memoryOf(place),
  };
  return modal(VIEWS.startRun, { title: "Start a runbook", submit: "Start" }, memory, [
    ...words(runbook, inputs),
    ...fields(runbook, { inputs, filled, clusters }),
    howBlock(form.how),
    context("Checks run by themselves. Whatever changes something asks for approval first."),
  ]);
}

/** Says which nodes may be chosen: those of the clusters that are given or chosen, or of all while none is. */
export function nodeGroups(runbook: Runbook, inputs: Inputs, clusters: readonly VaultCluster[]): readonly Group[] {
  const chosen = chosenClusters(runbook, inputs);
  const narrowed = clusters.filter(({ name }) => chosen.includes(name));
  return (narrowed.length > 0 ? narrowed : clusters).map(({ name, nodes }) => ({
    label: name,
    names: nodes.map((node) => node.name),
  }));
}

/** Names the clusters that the inputs of type cluster hold. */
export function chosenClusters(runbook: Runbook, inputs: Inputs): readonly string[] {
  return Object.entries(runbook.inputs).flatMap(([name, { type }]) => {
    const value = type === "cluster" ? inputs[name] : undefined;
    return value === undefined ? [] : [value];
  });
}

/** Reads the digest of the runbook that the person was shown; undefined when the form remembers none. */
export function readDigest({ digest }: Pick<ModalMemory, "digest">): string | undefined {
  return digest === "" ? undefined : digest.replace(/^sha256:/u, "");
}

function words(runbook: Runbook, inputs: Inputs): readonly Block[] {
  const lines = [`*${escape(runbook.title)}*`, escape(runbook.meaning)].filter((line) => line !== "");
  const given = [...new Set([...Object.keys(runbook.inputs), ...Object.keys(inputs)])].flatMap((name) => {
    const value = inputs[name];
    return value === undefined ? [] : [`*${escape(name)}* ${cut(escape(value), GIVEN)}`];
  });
  return [section(lines.join("\n")), ...(given.length === 0 ? [] : [section(given.join(" · "))])];
}

type Known = { readonly inputs: Inputs; readonly filled: Inputs; readonly clusters: readonly VaultCluster[] };

function fields(runbook: Runbook, { inputs, filled, clusters }: Known): readonly Block[] {
  const known = withDefaults(runbook, { ...filled, ...inputs }, clusters);
  return missingInputs(runbook, inputs).flatMap((name) => {
    const input = runbook.inputs[name];
    if (input === undefined) return [];
    const groups =
      input.type === "cluster"
        ? [{ label: "Clusters", names: clusters.map((cluster) => cluster.name) }]
        : input.type === "node"
          ? nodeGroups(runbook, known, clusters)
          : [];
    const part = input.type === "node" ? partOf(chosenClusters(runbook, filled)) : "";
    return [runField({ name, input, value: known[name], groups, part })];
  });
}

/** Of clusters that were chosen in the form; Slack takes 255 characters of an id. */
function partOf(chosen: readonly string[]): string {
  return chosen.join("+").slice(0, 100);
}

/** The values of the checkboxes. */
export const HOW = { dryRun: "dry-run", drill: "drill" } as const;

function howBlock(how: StartHow = { dryRun: false, drill: false }): Block {
  const dryRun = checkbox("Dry run", "reads and plans; changes nothing", HOW.dryRun);
  const drill = checkbox("Drill", "the run is marked as practice", HOW.drill);
  const initial = [...(how.dryRun ? [dryRun] : []), ...(how.drill ? [drill] : [])];
  return {
    type: "input",
    block_id: BLOCKS.runHow,
    optional: true,
    label: { type: "plain_text", text: "How" },
    element: {
      type: "checkboxes",
      action_id: ACTIONS.input,
      options: [dryRun, drill],
      ...(initial.length === 0 ? {} : { initial_options: initial }),
    },
  };
}

function checkbox(text: string, description: string, value: string): types.PlainTextOption {
  return { text: { type: "plain_text", text }, description: { type: "plain_text", text: description }, value };
}
