import type { types } from "@slack/bolt";
import { covers, type Actor } from "../../access/person.ts";
import type { Bot } from "../bot.ts";
import { ACTIONS, VIEWS } from "../ids.ts";
import { MOST_OPTIONS, optionOf } from "../modals/choose.ts";
import { readMemory } from "../modals/modal.ts";
import { filledIn, inputNameOf, readStartForm } from "../modals/read-start-form.ts";
import { nodeGroups } from "../modals/start-run.ts";
import { SuggestBody } from "../payloads.ts";
import { within } from "../within.ts";
import { searchRunbooks } from "./search-runbooks.ts";

/** What Slack shows below a field in which somebody types. */
export type Suggestions = { readonly options: types.PlainTextOption[] };

/** Slack waits three seconds; who is asking may have to be asked of Slack. */
const IDENTIFY_MS = 1500;

/**
 * Answers what somebody types in a list that is searched (`block_suggestion`): the runbooks, clusters or nodes that fit, at most a hundred. A
 * stranger, a person who cannot be told in time and a list of another version get none.
 */
export async function answerSuggestion(bot: Bot, body: unknown): Promise<Suggestions> {
  const read = SuggestBody.safeParse(body);
  if (!read.success || !(await maySee(bot, read.data.user.id))) return { options: [] };
  return { options: optionsFor(bot, read.data).slice(0, MOST_OPTIONS) };
}

async function maySee(bot: Bot, slackId: string): Promise<boolean> {
  const identify = async (): Promise<Actor> => await bot.identify(slackId);
  const actor = identify().catch(() => undefined);
  const inTime = await within(IDENTIFY_MS, actor);
  const isSeen = inTime && covers((await actor)?.role, "viewer");
  if (!isSeen) bot.observer.refused("role");
  return isSeen;
}

function optionsFor(bot: Bot, body: SuggestBody): types.PlainTextOption[] {
  if (body.action_id === ACTIONS.pickRunbook) return runbookOptions(bot, body.value);
  if (body.view?.callback_id !== VIEWS.startRun) return [];
  return namesFor(bot, body.view, body.block_id, body.value).slice(0, MOST_OPTIONS).map(optionOf);
}

/** Shows the title, and stands for the id: ids are short enough, or there is no way to choose them here. */
function runbookOptions(bot: Bot, typed: string): types.PlainTextOption[] {
  const runbooks = [...bot.catalog().values()].map(({ runbook }) => runbook);
  return searchRunbooks(runbooks, wordsOf(typed))
    .filter(({ id }) => id.length <= LONGEST_ID)
    .map(({ id, title }) => ({ ...optionOf(`${id}: ${title}`), value: id }));
}

const LONGEST_ID = 75;

function namesFor(bot: Bot, form: NonNullable<SuggestBody["view"]>, blockId: string, typed: string): readonly string[] {
  const memory = readMemory(form.private_metadata);
  const runbook = memory === undefined ? undefined : bot.catalog().get(memory.runbook)?.runbook;
  const name = inputNameOf(blockId);
  const input = name === undefined ? undefined : runbook?.inputs[name];
  if (memory === undefined || runbook === undefined || input === undefined) return [];
  const inputs = { ...memory.inputs, ...filledIn(readStartForm(runbook, { view: form }, bot.clusters)) };
  const all =
    input.type === "cluster"
      ? bot.clusters.map((cluster) => cluster.name)
      : input.type === "node"
        ? nodeGroups(runbook, inputs, bot.clusters).flatMap(({ names }) => names)
        : [];
  return fitting([...new Set(all)], wordsOf(typed));
}

/** Names in which every word stands; those that begin with the first come first. */
function fitting(names: readonly string[], words: readonly string[]): readonly string[] {
  const fits = names.filter((name) => name.trim() !== "" && words.every((word) => name.toLowerCase().includes(word)));
  const begins = (name: string): boolean => name.toLowerCase().startsWith(words[0] ?? "");
  return [...fits.filter(begins), ...fits.filter((name) => !begins(name))];
}

function wordsOf(typed: string): readonly string[] {
  return typed
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== "");
}
