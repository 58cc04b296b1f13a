import type { FinishedRun, Gate, GateRecord, Note, OpenRun, Phase, StepRecord } from "../../engine/run.ts";
import type { LoadedRun } from "../../runner/ports.ts";
import { exhaustive } from "../../lib/exhaustive.ts";
import { formatDuration } from "../../lib/duration.ts";
import { KEYS, type OpenKind } from "../ids.ts";
import { context, say, section, type Content, type Wanted } from "./content.ts";
import { gateMessage } from "./gate.ts";
import { code, escape, time } from "./mrkdwn.ts";
import { manualMessage, stuckMessage, unknownMessage } from "./people-decide.ts";
import { runCard } from "./run-card.ts";
import { resultWords, stepSign, took, type AnyRun } from "./run-words.ts";

/** What a run's messages need besides the run. */
export type RunContext = {
  readonly externalUrl: string;
  /** Gives the member ids of people who may approve a gate of a run. */
  readonly approversOf: (run: OpenRun, gate: Gate) => readonly string[];
};

/** Draws a run: its card first, then what happened in the order in which it happened, then what it waits for or how it ended. */
export function runMessages(loaded: LoadedRun, draw: RunContext): readonly Wanted[] {
  const { run } = loaded;
  const card: Wanted = {
    key: KEYS.runCard(run.id),
    mode: "live",
    urgent: run.status === "finished",
    ...runCard(run, draw.externalUrl),
  };
  const now = run.status === "open" ? phaseMessages(run) : [endMessage(run, loaded.head)];
  return [card, ...happened(run, draw), ...now];
}

/** Gates, results of steps and notes, by time; a note that says the same as its step is not said twice. */
function happened(run: AnyRun, draw: RunContext): readonly Wanted[] {
  const said = new Set(run.notes.map((note) => note.text));
  const steps = run.steps
    .filter(
      (step) => step.attempts > 0 && step.endedAt !== undefined && !(step.text !== undefined && said.has(step.text)),
    )
    .map((step) => ({ at: step.endedAt ?? 0, message: stepMessage(run.id, step) }));
  const gates = run.gates.map((record) => ({ at: record.gate.openedAt, message: gateOf(run, record, draw) }));
  const notes = run.notes.map((note, index) => ({ at: note.at, message: noteMessage(run.id, note, index) }));
  return [...gates, ...steps, ...notes].toSorted((left, right) => left.at - right.at).map(({ message }) => message);
}

/** A destructive gate is announced in the channel too. */
function gateOf(run: AnyRun, record: GateRecord, draw: RunContext): Wanted {
  const { gate } = record;
  const approvers = run.status === "open" && record.outcome === "open" ? draw.approversOf(run, gate) : [];
  const broadcast = gate.plan.danger === "destructive";
  return {
    key: KEYS.gate(run.id, gate.id),
    mode: "live",
    urgent: true,
    broadcast,
    ...gateMessage({ run, record, approvers }),
  };
}

function stepMessage(runId: string, step: StepRecord): Wanted {
  const text = step.text === undefined ? "" : `\n${escape(step.text)}`;
  const line = `${stepSign(step.status)} *${escape(step.title)}*${text}`;
  const duration =
    step.startedAt === undefined || step.endedAt === undefined
      ? undefined
      : formatDuration(step.endedAt - step.startedAt);
  const again = step.attempts > 1 ? `attempt ${step.attempts}` : undefined;
  return {
    key: KEYS.step(runId, step.id, step.attempts),
    mode: "once",
    text: line,
    blocks: [
      section(line),
      context(step.status, duration === undefined || step.status === "skipped" ? undefined : `took ${duration}`, again),
    ],
  };
}

function noteMessage(runId: string, note: Note, index: number): Wanted {
  const named = note.by === undefined || note.text.startsWith(note.by.name);
  const by = named ? "" : `*${escape(note.by?.name ?? "")}*: `;
  return { key: KEYS.note(runId, index), mode: "once", ...say(`:speech_balloon: ${by}${escape(note.text)}`) };
}

/** Only phases that ask something of people have a message of their own; gates have one anyway, the card tells the others. */
function phaseMessages(run: OpenRun): readonly Wanted[] {
  const { phase } = run;
  switch (phase.name) {
    case "manual":
      return [{ ...open(run, "manual", attemptOf(run, phase.step), manualMessage(run, phase)), urgent: false }];
    case "stuck":
      return [open(run, "stuck", attemptOf(run, phase.step), stuckMessage(run, phase.step, phase.failure))];
    case "unknown":
      return [open(run, "unknown", phase.attempt.id, unknownMessage(run, phase))];
    case "between":
    case "checking":
    case "waiting":
    case "planning":
    case "gate":
    case "rechecking":
    case "attempted":
    case "probing":
      return [];
    default:
      return exhaustive(phase);
  }
}

type Asking = Extract<Phase, { name: "manual" | "stuck" | "unknown" }>;

function open(run: OpenRun, kind: OpenKind, which: string, content: Content): Wanted {
  const { step } = run.phase as Asking;
  return { key: KEYS.open(run.id, kind, step, which), mode: "open", urgent: true, ...content };
}

function attemptOf(run: OpenRun, step: string): string {
  return String(run.steps.find((record) => record.id === step)?.attempts ?? 1);
}

/** How a run ended, who did what, and the chain's head to compare with `sealwatch run verify`. */
function endMessage(run: FinishedRun, head: string): Wanted {
  const title = `${resultWords(run.result)}: ${escape(run.text)}`;
  const counts = (["done", "failed", "skipped"] as const).map(
    (status) => [status, run.steps.filter((step) => step.attempts > 0 && step.status === status).length] as const,
  );
  const steps = counts.filter(([, count]) => count > 0).map(([status, count]) => `${count} ${status}`);
  const bad = run.result === "failed" || run.result === "aborted";
  return {
    key: KEYS.end(run.id),
    mode: "once",
    urgent: true,
    broadcast: bad,
    text: `${escape(run.runbook.title)} on ${escape(run.cluster)}: ${title}`,
    blocks: [
      section(title),
      section(whoDidWhat(run)),
      context(`took ${took(run)}`, steps.join(", "), `chain head ${code(head.slice(0, 16))}`),
    ],
  };
}

/** Starts, approvals, rejections and words of people, by time. */
function whoDidWhat(run: FinishedRun): string {
  const votes = run.gates.flatMap(({ gate }) =>
    gate.votes.map((vote) => ({
      at: vote.at,
      text: `*${escape(vote.by.name)}* approved ${code(gate.plan.explain.call)}`,
    })),
  );
  const rejected = run.gates.flatMap(({ outcome, text, closedAt }) =>
    outcome === "rejected" && text !== undefined ? [{ at: closedAt ?? run.finishedAt, text: escape(text) }] : [],
  );
  const said = run.notes.flatMap(({ at, by, text }) =>
    by === undefined ? [] : [{ at, text: `*${escape(by.name)}*: ${escape(text)}` }],
  );
  const answered = run.steps.flatMap(({ by, title, text, endedAt }) =>
    by === undefined ? [] : [{ at: endedAt ?? run.finishedAt, text: `${escape(title)}: ${escape(text ?? "")}` }],
  );
  const lines = [...votes, ...rejected, ...said, ...answered].toSorted((left, right) => left.at - right.at);
  return [
    `• *${escape(run.startedBy.name)}* started the run ${time(run.startedAt)}`,
    ...lines.map(({ at, text }) => `• ${time(at, "{time}")} ${text}`),
  ].join("\n");
}
