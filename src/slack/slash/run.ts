import type { Actor } from "../../access/person.ts";
import type { GateRecord, StepRecord } from "../../engine/run.ts";
import type { Bot } from "../bot.ts";
import { KEYS } from "../ids.ts";
import { context, say, section, type Block, type Content } from "../render/content.ts";
import { gateMessage } from "../render/gate.ts";
import { bold, code, line, link, time } from "../render/mrkdwn.ts";
import { pageOf } from "../render/run-card.ts";
import { markWords, nowWords, stepSign, type AnyRun } from "../render/run-words.ts";
import { runButtons, withoutForbidden } from "./run-buttons.ts";
import { runs } from "./runs.ts";
import { meant, names, shown } from "./shown.ts";
import type { Subcommand } from "./subcommand.ts";

const LAST_STEPS = 5;
const LAST_NOTES = 3;
const KNOWN_RUNS = 200;

/** Shows one run: where it stands, who is next, its gate with a link to the message, what happened last, and the buttons for who asks. */
export const run: Subcommand = {
  usage: "run [id]",
  summary: "one run: where it stands, who is next, what you may do now",
  open: false,
  answer: async (bot, { actor, words }) => {
    const [typed, extra] = words;
    if (extra !== undefined) return say(`${shown(extra)} is one word too many: name one run.`);
    const id = typed === undefined ? await onlyOpen(bot) : idOf(typed);
    if (id === undefined) return await runs.answer(bot, { actor, words: [] });
    const loaded = (await bot.runs.get(id)) ?? (await bot.runs.get(id.toLowerCase()));
    return loaded === undefined ? await unknownRun(bot, id) : await draw(bot, loaded.run, actor);
  },
};

/** People paste the address of a run's page. */
function idOf(typed: string): string {
  return /\/runs\/(?<id>[^/?#.]+)/u.exec(typed)?.groups?.["id"] ?? typed;
}

async function onlyOpen({ runs: service }: Bot): Promise<string | undefined> {
  const open = await service.list({ open: true, limit: 2 });
  return open.length === 1 ? open[0]?.run.id : undefined;
}

async function unknownRun({ runs: service }: Bot, id: string): Promise<Content> {
  const known = (await service.summaries({ limit: KNOWN_RUNS })).map((each) => each.id);
  const latest = known.length === 0 ? "There are no runs yet." : `The latest: ${names(known, 3)}.`;
  return say(`There is no run ${shown(id)}.${meant(id, known, latest)}`);
}

async function draw(bot: Bot, found: AnyRun, actor: Actor): Promise<Content> {
  const title = `${bold(`${markWords(found)}${found.runbook.title}`)} on ${code(found.cluster, 80)}`;
  const page = link(pageOf(found, bot.externalUrl), "Run on the web");
  const gate = await gateBlocks(bot, found, actor);
  const row = found.status === "open" ? runButtons(found, actor) : undefined;
  return {
    text: `Run ${code(found.id, 80)}`,
    blocks: [
      section(`${title}\n${nowWords(found)}`),
      ...gate,
      ...lastBlocks(found),
      context(
        `started by *${line(found.startedBy.name, 80)}* ${time(found.startedAt)}`,
        found.assignee.id === found.startedBy.id ? undefined : `in charge: *${line(found.assignee.name, 80)}*`,
        page,
        `run ${code(found.id, 80)}`,
      ),
      ...(row === undefined ? [] : [row]),
    ],
  };
}

/** The gate as its own message shows it, so that nobody approves what they did not read. */
async function gateBlocks(bot: Bot, found: AnyRun, actor: Actor): Promise<readonly Block[]> {
  const record = found.gates.find(({ outcome }) => outcome === "open");
  if (record === undefined || found.status !== "open") return [];
  const asker = { actor, now: bot.clock.now() };
  const { blocks } = gateMessage({ run: found, record, approvers: [], breakGlass: false, now: asker.now });
  const address = await gateAddress(bot, found.id, record);
  const there = link(address, "The gate's message, with what others said");
  return [...withoutForbidden(blocks, record.gate, found, asker), ...(there === undefined ? [] : [context(there)])];
}

/** Without the link the answer is still worth something. */
async function gateAddress(bot: Bot, runId: string, { gate }: GateRecord): Promise<string | undefined> {
  try {
    const message = await bot.messages.get(KEYS.gate(runId, gate.id));
    return message?.ts === undefined ? undefined : await bot.outgoing.permalink(message.channel, message.ts);
  } catch {
    return undefined;
  }
}

function lastBlocks(found: AnyRun): readonly Block[] {
  const ended = found.steps.filter(({ endedAt }) => endedAt !== undefined);
  const steps = ended.toSorted((left, right) => (left.endedAt ?? 0) - (right.endedAt ?? 0)).slice(-LAST_STEPS);
  const notes = found.notes
    .slice(-LAST_NOTES)
    .map(
      ({ at, text, by }) =>
        `${time(at, "{time}")} :speech_balloon: ${by === undefined ? "" : `*${line(by.name, 80)}*: `}${line(text, 200)}`,
    );
  const hidden = ended.length - steps.length;
  const before = hidden > 0 ? [`_${hidden} steps before_`] : [];
  const lines = [...before, ...steps.map(stepLine), ...notes];
  return lines.length === 0 ? [] : [section(lines.join("\n"))];
}

function stepLine({ status, title, text, endedAt, by }: StepRecord): string {
  const when = endedAt === undefined ? "" : `${time(endedAt, "{time}")} `;
  const who = by === undefined ? "" : ` (${line(by.name, 80)})`;
  return `${when}${stepSign(status)} ${line(title, 120)}${who}${text === undefined ? "" : ` · ${line(text, 160)}`}`;
}
