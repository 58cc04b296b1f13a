import type { Evidence, GateRecord, Note } from "../../engine/run.ts";
import type { Timestamp } from "../../lib/clock.ts";
import type { LoadedRun } from "../../runner/ports.ts";
import { KEYS } from "../ids.ts";
import { say, type Drawn, type Wanted } from "./content.ts";
import { leftOf } from "./countdown.ts";
import { endMessage } from "./end-message.ts";
import { gateMessage, isAsked } from "./gate.ts";
import { bold, code, escape, line } from "./mrkdwn.ts";
import { askedNow, gateQuestions } from "./questions.ts";
import { pageOf, runCard } from "./run-card.ts";
import type { RunContext } from "./run-context.ts";
import type { AnyRun } from "./run-words.ts";
import { stepMessage } from "./step-message.ts";
import { waitMessages } from "./waits.ts";

export type { RunContext, WaitWords } from "./run-context.ts";

/**
 * Draws a run: its card first, then what happened in the order in which it happened, then what it waits for or how it ended; and when a
 * countdown, a reminder or an escalation would draw it otherwise although nothing happened.
 */
export function runMessages(loaded: LoadedRun, draw: RunContext): Drawn {
  const { run } = loaded;
  const card: Wanted = {
    key: KEYS.runCard(run.id),
    mode: "live",
    urgent: run.status === "finished",
    ...runCard(run, draw),
  };
  const before = [card, ...happened(run, draw)];
  if (run.status === "finished")
    return { messages: [...before, endMessage(run, loaded.head, draw.externalUrl)], againAt: undefined };
  const asked = askedNow(run, draw);
  const questions = [...gateQuestions(run, draw), ...(asked?.question === undefined ? [] : [asked.question])];
  const waits = waitMessages(run, questions, draw);
  return {
    messages: [...before, ...(asked === undefined ? [] : [asked.message]), ...waits.messages],
    againAt: earliest([waits.againAt, ...countdowns(run, draw.now)]),
  };
}

function countdowns(run: AnyRun, now: Timestamp): readonly (Timestamp | undefined)[] {
  return run.gates.filter((record) => isAsked(run, record)).map(({ gate }) => leftOf(gate.expiresAt, now).nextAt);
}

function earliest(moments: readonly (Timestamp | undefined)[]): Timestamp | undefined {
  const known = moments.filter((moment) => moment !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Gates, results of steps and notes, by time; a note that says the same as its step is not said twice. */
function happened(run: AnyRun, draw: RunContext): readonly Wanted[] {
  const said = new Set(run.notes.map((note) => note.text));
  const page = pageOf(run, draw.externalUrl);
  const steps = run.steps
    .filter(
      (step) => step.attempts > 0 && step.endedAt !== undefined && !(step.text !== undefined && said.has(step.text)),
    )
    .map((step) => ({ at: step.endedAt ?? 0, message: stepMessage(run, step, page) }));
  const gates = run.gates.map((record) => ({ at: record.gate.openedAt, message: gateOf(run, record, draw) }));
  const notes = run.notes.map((note, index) => ({ at: note.at, message: noteMessage(run.id, note, index) }));
  const evidence = run.evidence.map((each, index) => ({ at: each.at, message: evidenceMessage(run.id, each, index) }));
  return [...gates, ...steps, ...notes, ...evidence]
    .toSorted((left, right) => left.at - right.at)
    .map(({ message }) => message);
}

/** A destructive gate is announced in the channel too. */
function gateOf(run: AnyRun, record: GateRecord, { approversOf, breakGlass, now }: RunContext): Wanted {
  const { gate } = record;
  const approvers = run.status === "open" && isAsked(run, record) ? approversOf(run, gate) : [];
  return {
    key: KEYS.gate(run.id, gate.id),
    mode: "live",
    urgent: true,
    broadcast: gate.plan.danger === "destructive",
    ...gateMessage({ run, record, approvers, breakGlass, now }),
  };
}

function noteMessage(runId: string, note: Note, index: number): Wanted {
  const named = note.by === undefined || note.text.startsWith(note.by.name);
  const by = named ? "" : `${bold(note.by?.name ?? "")}: `;
  const content = say(`:speech_balloon: ${by}${escape(note.text)}`);
  if (!note.text.startsWith(LOUD)) return { key: KEYS.note(runId, index), mode: "once", ...content };
  const loud = say(`:rotating_light: ${escape(note.text)}`);
  return { key: KEYS.note(runId, index), mode: "once", urgent: true, broadcast: true, ...loud };
}

/** How the engine begins the note about a gate that one person went past. */
const LOUD = "BREAK-GLASS:";

/** The text itself stays out of Slack: it may be long, and the page has it. */
function evidenceMessage(runId: string, { by, name, bytes, sha256 }: Evidence, index: number): Wanted {
  const digest = code(`sha256:${sha256}`);
  const text = `:paperclip: ${bold(by.name)} attached ${code(name, 200)} (${line(String(bytes))} bytes, ${digest})`;
  return { key: KEYS.evidence(runId, index), mode: "once", ...say(text) };
}
