import type { Evidence, FinishedRun, Gate, GateRecord, Note, OpenRun, Phase, StepRecord } from "../../engine/run.ts";
import type { LoadedRun } from "../../runner/ports.ts";
import { exhaustive } from "../../lib/exhaustive.ts";
import { formatDuration } from "../../lib/duration.ts";
import { KEYS, type OpenKind } from "../ids.ts";
import { context, say, section, type Content, type Wanted } from "./content.ts";
import { gateMessage } from "./gate.ts";
import { code, escape, time } from "./mrkdwn.ts";
import { askMessage, lockedMessage, manualMessage, stuckMessage, unknownMessage } from "./people-decide.ts";
import { runCard } from "./run-card.ts";
import { markWords, resultWords, stepSign, took, type AnyRun } from "./run-words.ts";

/** What a run's messages need besides the run. */
export type RunContext = {
  readonly externalUrl: string;
  /** Gives the member ids of people who may approve a gate of a run. */
  readonly approversOf: (run: OpenRun, gate: Gate) => readonly string[];
  /** Whether one person may go past a gate alone. */
  readonly breakGlass: boolean;
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
  const evidence = run.evidence.map((each, index) => ({ at: each.at, message: evidenceMessage(run.id, each, index) }));
  return [...gates, ...steps, ...notes, ...evidence]
    .toSorted((left, right) => left.at - right.at)
    .map(({ message }) => message);
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
    ...gateMessage({ run, record, approvers, breakGlass: draw.breakGlass }),
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
  const content = say(`:speech_balloon: ${by}${escape(note.text)}`);
  if (!note.text.startsWith(LOUD)) return { key: KEYS.note(runId, index), mode: "once", ...content };
  const loud = say(`:rotating_light: ${escape(note.text)}`);
  return { key: KEYS.note(runId, index), mode: "once", urgent: true, broadcast: true, ...loud };
}

/** How the engine begins the note about a gate that one person went past. */
const LOUD = "BREAK-GLASS:";

/** The text itself stays out of Slack: it may be long, and the page has it. */
function evidenceMessage(runId: string, { by, name, bytes, sha256 }: Evidence, index: number): Wanted {
  const text = `:paperclip: *${escape(by.name)}* attached ${code(name)} (${bytes} bytes, ${code(`sha256:${sha256}`)})`;
  return { key: KEYS.evidence(runId, index), mode: "once", ...say(text) };
}

/** Only phases that ask something of people have a message of their own; gates have one anyway, the card tells the others. */
// oxlint-disable-next-line complexity -- one case a phase
function phaseMessages(run: OpenRun): readonly Wanted[] {
  const { phase } = run;
  // Nothing is asked of anybody any more.
  if (run.cancelling !== undefined) return [];
  switch (phase.name) {
    case "manual":
      return [{ ...open(run, "manual", attemptOf(run, phase.step), manualMessage(run, phase)), urgent: false }];
    case "stuck":
      return [open(run, "stuck", attemptOf(run, phase.step), stuckMessage(run, phase.step, phase.failure))];
    case "unknown":
      return [open(run, "unknown", phase.attempt.id, unknownMessage(run, phase))];
    case "asking":
      return [open(run, "asking", attemptOf(run, phase.step), askMessage(run, phase))];
    case "locking":
      return phase.heldBy === undefined
        ? []
        : [open(run, "locked", phase.heldBy.runId, lockedMessage(run, phase.step, phase.heldBy))];
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

type Standing = Extract<Phase, { name: "manual" | "stuck" | "unknown" | "asking" | "locking" }>;

function open(run: OpenRun, kind: OpenKind, which: string, content: Content): Wanted {
  const { step } = run.phase as Standing;
  return { key: KEYS.open(run.id, kind, step, which), mode: "open", urgent: true, ...content };
}

function attemptOf(run: OpenRun, step: string): string {
  return String(run.steps.find((record) => record.id === step)?.attempts ?? 1);
}

/** How a run ended, who did what, and the chain's head to compare with `sealwatch run verify`. */
function endMessage(run: FinishedRun, head: string): Wanted {
  const title = `${resultWords(run.result)}: ${escape(run.text)}`;
  const counts = (["done", "failed", "skipped", "planned"] as const).map(
    (status) => [status, run.steps.filter((step) => step.attempts > 0 && step.status === status).length] as const,
  );
  const steps = counts.filter(([, count]) => count > 0).map(([status, count]) => `${count} ${status}`);
  const bad = run.result === "failed" || run.result === "aborted";
  return {
    key: KEYS.end(run.id),
    mode: "once",
    urgent: true,
    broadcast: bad,
    text: `${markWords(run)}${escape(run.runbook.title)} on ${escape(run.cluster)}: ${title}`,
    blocks: [
      section(title),
      section(whoDidWhat(run)),
      context(`took ${took(run)}`, steps.join(", "), `chain head ${code(`sha256:${head}`)}`),
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
  const broken = run.gates.flatMap(({ brokenBy, text, closedAt }) =>
    brokenBy === undefined || text === undefined ? [] : [{ at: closedAt ?? run.finishedAt, text: escape(text) }],
  );
  const said = run.notes.flatMap(({ at, by, text }) =>
    by === undefined ? [] : [{ at, text: `*${escape(by.name)}*: ${escape(text)}` }],
  );
  const answered = run.steps.flatMap(({ by, title, text, endedAt }) =>
    by === undefined ? [] : [{ at: endedAt ?? run.finishedAt, text: `${escape(title)}: ${escape(text ?? "")}` }],
  );
  const lines = [...votes, ...rejected, ...broken, ...said, ...answered].toSorted((left, right) => left.at - right.at);
  return [
    `• *${escape(run.startedBy.name)}* started the run ${time(run.startedAt)}`,
    ...lines.map(({ at, text }) => `• ${time(at, "{time}")} ${text}`),
  ].join("\n");
}
