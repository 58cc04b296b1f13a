import type { types } from "@slack/bolt";
import { findSecret } from "../../lib/redact.ts";
import { readInputText, valueHint } from "../../runbook/input-value.ts";
import type { Runbook } from "../../runbook/schema.ts";
import type { VaultCluster } from "../../vault/cluster.ts";
import type { Bot } from "../bot.ts";
import { findGroup } from "../find-group.ts";
import { ACTIONS, BLOCKS, VIEWS } from "../ids.ts";
import type { Place } from "../outgoing.ts";
import { inputValue, type SubmitBody } from "../payloads.ts";
import { section, type Block } from "../render/content.ts";
import { escape } from "../render/mrkdwn.ts";
import { missingInputs, type Inputs } from "../run-inputs.ts";
import { secretRefusal } from "../secret-refusal.ts";
import { startRun } from "../start-run.ts";
import { field, memoryOf, modal, NO_MEMORY, type ModalHandler } from "./modal.ts";

/** What the form is drawn from; `alertGroup` is the button's value when an alert's card opened it. */
export type StartRunForm = {
  readonly runbook: Runbook;
  readonly inputs: Inputs;
  readonly clusters: readonly VaultCluster[];
  readonly place: Place;
  readonly alertGroup: string | undefined;
  readonly how?: StartHow;
};

/** How a run is to be started, besides its inputs. */
export type StartHow = { readonly dryRun: boolean; readonly drill: boolean };

/** Slack keeps 3,000 characters with a modal; longer inputs are asked for again. */
const MEMORY = 2500;

/** Draws a form for the inputs of a runbook that nobody gave yet. */
export function startRunModal(form: StartRunForm): types.ModalView {
  const { runbook, clusters, place, alertGroup } = form;
  const inputs = JSON.stringify(form.inputs).length > MEMORY ? {} : form.inputs;
  const memory = {
    ...NO_MEMORY,
    runbook: runbook.id,
    inputs: { ...inputs },
    alert: alertGroup ?? "",
    ...form.how,
    ...memoryOf(place),
  };
  const given = Object.entries(inputs).map(([name, value]) => `*${escape(name)}* ${escape(value)}`);
  return modal(VIEWS.startRun, { title: "Start a runbook", submit: "Start" }, memory, [
    section(
      [`*${escape(runbook.title)}*`, escape(runbook.meaning), given.join(" · ")]
        .filter((line) => line !== "")
        .join("\n"),
    ),
    ...missingInputs(runbook, inputs).map((name) => inputBlock(runbook, name, inputs, clusters)),
  ]);
}

/** Starts the run with what was given before and what was filled in. */
export const submitStartRun: ModalHandler = async (bot, { actor, body, memory }) => {
  const runbook = bot.catalog().get(memory.runbook)?.runbook;
  const asked = askedInputs(body);
  const [first] = asked;
  if (first === undefined) return { say: "This form is out of date; ask again with `/vault runbook`." };
  if (runbook === undefined)
    return { errors: { [first.blockId]: "This runbook is gone; `/vault runbook` lists what there is." } };
  const errors = asked.flatMap((one) => refusalOf(runbook, one));
  if (errors.length > 0) return { errors: Object.fromEntries(errors) };
  const typed = asked.flatMap(({ name, value }): [string, string][] => (value === undefined ? [] : [[name, value]]));
  const origin = await originOf(bot, memory.alert);
  const outcome = await startRun(bot, {
    runbook: runbook.id,
    inputs: { ...memory.inputs, ...Object.fromEntries(typed) },
    by: actor,
    origin,
    ...(memory.dryRun && { dryRun: true }),
    ...(memory.drill && { drill: true }),
  });
  if ("already" in outcome) return { say: outcome.already };
  return outcome.ok
    ? { say: `Started run \`${outcome.runId}\`: its card is in <#${bot.channel}>.` }
    : { errors: { [first.blockId]: outcome.why } };
};

/** What is wrong with one field, said at that field; what needs the other fields too is judged when the run starts. */
function refusalOf(runbook: Runbook, { blockId, name, value }: Asked): readonly (readonly [string, string])[] {
  if (value === undefined) return [];
  const secret = findSecret(value);
  if (secret !== undefined) return [[blockId, secretRefusal(secret)]];
  const input = Object.hasOwn(runbook.inputs, name) ? runbook.inputs[name] : undefined;
  const reading = input === undefined ? undefined : readInputText(input, value);
  return reading?.ok === false ? [[blockId, `It ${reading.why}.`]] : [];
}

async function originOf(bot: Bot, alert: string): Promise<{ surface: "slack"; alertGroup?: string }> {
  const group = alert === "" ? undefined : await findGroup(bot, alert.replace(/^alert:/u, ""));
  return group === undefined ? { surface: "slack" } : { surface: "slack", alertGroup: group.key };
}

type Asked = { readonly blockId: string; readonly name: string; readonly value: string | undefined };

function askedInputs(body: SubmitBody): readonly Asked[] {
  const prefix = BLOCKS.runInput("");
  const ids = body.view.blocks.flatMap((block) =>
    block.block_id?.startsWith(prefix) === true ? [block.block_id] : [],
  );
  return ids.map((blockId) => ({ blockId, name: blockId.slice(prefix.length), value: inputValue(body, blockId) }));
}

function inputBlock(runbook: Runbook, name: string, inputs: Inputs, clusters: readonly VaultCluster[]): Block {
  const input = runbook.inputs[name];
  const label = input?.description ?? name;
  const blockId = BLOCKS.runInput(name);
  if (input?.type === "cluster") return select(blockId, label, [["Clusters", clusters.map((cluster) => cluster.name)]]);
  if (input?.type === "node") return select(blockId, label, nodeGroups(inputs, clusters));
  if (input?.type === "enum") return select(blockId, label, [["Options", input.options]]);
  if (input?.type === "bool") return select(blockId, label, [["Options", ["yes", "no"]]]);
  const hint = input === undefined ? undefined : valueHint(input);
  return field(blockId, label, hint === undefined ? {} : { hint });
}

type Group = readonly [label: string, values: readonly string[]];

/** The nodes of the cluster that is given already, or of all. */
function nodeGroups(inputs: Inputs, clusters: readonly VaultCluster[]): readonly Group[] {
  const given = new Set(Object.values(inputs));
  const narrowed = clusters.filter((cluster) => given.has(cluster.name));
  return (narrowed.length > 0 ? narrowed : clusters).map((cluster) => [
    cluster.name,
    cluster.nodes.map((node) => node.name),
  ]);
}

/** Slack takes 100 options of 75 characters; with more, or longer ones, the name is typed. */
function select(blockId: string, label: string, groups: readonly Group[]): Block {
  const filled = groups.filter(([, values]) => values.length > 0);
  const all = filled.flatMap(([, values]) => values);
  if (all.length === 0 || all.length > 100 || all.some((value) => value.length > 75 || value.trim() === ""))
    return field(blockId, label);
  return {
    type: "input",
    block_id: blockId,
    label: { type: "plain_text", text: label },
    element: {
      type: "static_select",
      action_id: ACTIONS.input,
      option_groups: filled.map(([group, values]) => ({
        label: { type: "plain_text", text: group.slice(0, 75) },
        options: values.map((value) => ({ text: { type: "plain_text", text: value }, value })),
      })),
    },
  };
}
