import { findSecret } from "../../lib/redact.ts";
import { suggestion } from "../../lib/nearest.ts";
import { readInputText } from "../../runbook/input-value.ts";
import type { Runbook } from "../../runbook/schema.ts";
import type { RunAnswer } from "../../runner/ports.ts";
import type { VaultCluster } from "../../vault/cluster.ts";
import type { Bot } from "../bot.ts";
import { findGroup } from "../find-group.ts";
import { BLOCKS } from "../ids.ts";
import type { Inputs } from "../run-inputs.ts";
import { secretRefusal } from "../secret-refusal.ts";
import { startedWords, startRun } from "../start-run.ts";
import { type ModalHandler, type ModalMemory, type Outcome } from "./modal.ts";
import { filledIn, readHow, readStartForm, type AskedInput } from "./read-start-form.ts";
import { chosenClusters, nodeGroups, readDigest } from "./start-run.ts";

/** Starts the run with what was given before and what was filled in. */
export const submitStartRun: ModalHandler = async (bot, { actor, body, memory }) => {
  const found = bot.catalog().get(memory.runbook);
  const asked = readStartForm(found?.runbook ?? { inputs: {} }, body, bot.clusters);
  const at = firstField(body.view.blocks);
  if (at === undefined) return { say: "This form is out of date; ask again with `/vault runbook`." };
  if (found === undefined) return wrong(at, "This runbook is gone; `/vault runbook` lists what there is.");
  if (hasChanged(memory, found.digest)) return wrong(at, CHANGED);
  const inputs = { ...memory.inputs, ...filledIn(asked) };
  const errors = asked.flatMap((one) => refusalOf(bot, { runbook: found.runbook, inputs }, one));
  if (errors.length > 0) return { errors: Object.fromEntries(errors) };
  const how = readHow(body, memory);
  const outcome = await startRun(bot, {
    runbook: found.runbook.id,
    inputs,
    by: actor,
    origin: await originOf(bot, memory.alert),
    ...(how.dryRun && { dryRun: true }),
    ...(how.drill && { drill: true }),
  });
  if ("already" in outcome) return { say: outcome.already };
  if (!outcome.ok) return wrong(placeOfRefusal(outcome, asked, at), outcome.why);
  return { say: startedWords(bot, { runId: outcome.runId, cluster: chosenClusters(found.runbook, inputs)[0], how }) };
};

const CHANGED =
  "The runbook changed since this form was opened. Close the form and open it again: look at what it does now.";

function hasChanged(memory: ModalMemory, digest: string | undefined): boolean {
  const seen = readDigest(memory);
  return seen !== undefined && digest !== undefined && seen !== digest;
}

function wrong(blockId: string, text: string): Outcome {
  return { errors: { [blockId]: text } };
}

/** Errors show only below inputs. */
function firstField(blocks: readonly { readonly type: string; readonly block_id?: string | undefined }[]) {
  return blocks.find(({ type, block_id: id }) => type === "input" && id !== undefined)?.block_id;
}

/** Who lacks the role for a run may still have it for a dry run: the words stand where that is ticked. */
function placeOfRefusal(refused: RunAnswer & { ok: false }, asked: readonly AskedInput[], first: string): string {
  return refused.code === "role" ? BLOCKS.runHow : (asked[0]?.blockId ?? first);
}

type Given = { readonly runbook: Runbook; readonly inputs: Inputs };
type FieldError = readonly [blockId: string, text: string];

/** What is wrong with one field, said at that field; what needs more than the inputs is judged when the run starts. */
function refusalOf(bot: Bot, { runbook, inputs }: Given, { blockId, name, value }: AskedInput): readonly FieldError[] {
  const input = runbook.inputs[name];
  if (value === undefined || input === undefined) return [];
  const secret = findSecret(value);
  if (secret !== undefined) {
    bot.observer.refused("secret");
    return [[blockId, secretRefusal(secret)]];
  }
  const reading = readInputText(input, value);
  if (!reading.ok) return [[blockId, `It ${reading.why}.`]];
  const known = namesFor(input.type, { runbook, inputs }, bot.clusters);
  return known.length === 0 || known.includes(value)
    ? []
    : [[blockId, `There is no such ${input.type} here${suggestion(value, known.slice(0, 20))}.`]];
}

function namesFor(type: string, { runbook, inputs }: Given, clusters: readonly VaultCluster[]): readonly string[] {
  if (type === "cluster") return clusters.map(({ name }) => name);
  return type === "node" ? nodeGroups(runbook, inputs, clusters).flatMap(({ names }) => names) : [];
}

async function originOf(bot: Bot, alert: string): Promise<{ surface: "slack"; alertGroup?: string }> {
  const group = alert === "" ? undefined : await findGroup(bot, alert.replace(/^alert:/u, ""));
  return group === undefined ? { surface: "slack" } : { surface: "slack", alertGroup: group.key };
}
