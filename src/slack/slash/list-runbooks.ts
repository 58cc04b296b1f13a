import { covers, type Actor } from "../../access/person.ts";
import type { Runbook } from "../../runbook/schema.ts";
import type { Bot } from "../bot.ts";
import { ACTIONS } from "../ids.ts";
import { buttons, context, say, section, type Block, type Content } from "../render/content.ts";
import { code, line, link } from "../render/mrkdwn.ts";
import { fitLines } from "./fit-lines.ts";
import { names } from "./shown.ts";

const BUDGET = 7000;
/** A button each for the runbooks that answer what fires now. */
const MOST_BUTTONS = 5;
const BUTTON_TEXT = 70;

/** Lists runbooks for a person: those first that answer an alert which fires now, then those for alerts, then the others; with a list to search in. */
export async function listRunbooks(bot: Bot, actor: Actor, { runbooks, words }: Listing): Promise<Content> {
  if (runbooks.length === 0) return say("There are no runbooks.");
  const firing = await firingRunbooks(bot);
  const answers = runbooks.filter(({ id }) => firing.has(id));
  const others = runbooks.filter(({ id }) => !firing.has(id));
  const groups = [
    { title: ":rotating_light: *Answer an alert that fires now*", held: answers },
    { title: "*For alerts*", held: others.filter(({ alerts }) => alerts.length > 0) },
    { title: "*Other procedures*", held: others.filter(({ alerts }) => alerts.length === 0) },
  ];
  const lines = groups.flatMap(({ title, held }) => (held.length === 0 ? [] : [title, ...held.map(runbookLine)]));
  const page = link(bot.externalUrl, "the web page") ?? "the web page";
  const head = words.length === 0 ? [] : [section(`${runbooks.length} runbooks have ${names(words)}:`)];
  return {
    text: "Runbooks",
    blocks: [
      ...head,
      ...fitLines(lines, BUDGET, (left) => `_and ${left} more: search below, or see ${page}_`),
      ...answers.slice(0, MOST_BUTTONS).map(startButton),
      picker(),
      context(howTo(actor)),
    ],
  };
}

/** What is listed: all, or what a search found. */
export type Listing = { readonly runbooks: readonly Runbook[]; readonly words: readonly string[] };

/** Makes the list of runbooks that is searched as people type. */
export function picker(): Block {
  return {
    type: "actions",
    elements: [
      {
        type: "external_select",
        action_id: ACTIONS.pickRunbook,
        min_query_length: 0,
        placeholder: { type: "plain_text", text: "Find a runbook…" },
      },
    ],
  };
}

function startButton({ id, title }: Runbook): Block {
  return buttons({
    action: ACTIONS.pickRunbook,
    text: `Start: ${title}`.slice(0, BUTTON_TEXT),
    value: id,
    style: "primary",
  });
}

function howTo({ role }: Actor): string {
  const command = "`/vault runbook <id> [cluster] [node] [input=value …]`";
  return covers(role, "responder")
    ? `start one with ${command}`
    : `with your role only as a dry run: ${command} \`--dry-run\``;
}

/** The ids of the runbooks that answer an alert group which fires now. */
async function firingRunbooks({ alerts, match }: Bot): Promise<ReadonlySet<string>> {
  const groups = (await alerts.list()).filter(({ status }) => status === "firing");
  return new Set(groups.flatMap((group) => match(group)?.runbook ?? []));
}

function runbookLine({ id, title, alerts }: Runbook): string {
  return `• ${code(id, 80)} ${line(title, 150)}${alerts.length === 0 ? "" : ` · answers ${names(alerts, 3)}`}`;
}
