import type { OpenRun, Phase } from "../../engine/run.ts";
import { exhaustive } from "../../lib/exhaustive.ts";
import { KEYS, type OpenKind } from "../ids.ts";
import type { Content, Wanted } from "./content.ts";
import { isAsked } from "./gate.ts";
import { line, mentions } from "./mrkdwn.ts";
import {
  askMessage,
  heldMessage,
  lockedMessage,
  manualMessage,
  stuckMessage,
  unknownMessage,
} from "./people-decide.ts";
import type { RunContext } from "./run-context.ts";
import { stepTitle } from "./run-words.ts";
import type { Question } from "./waits.ts";

/** The message of what a run asks of people at this moment, gates left out, and what of it is asked again when nobody answers. */
export type Asked = { readonly message: Wanted; readonly question: Question | undefined };

/** Draws what a run asks of people; gates have a message of their own, and what asks nothing only the card tells. */
// oxlint-disable-next-line complexity -- one case a phase
export function askedNow(run: OpenRun, draw: RunContext): Asked | undefined {
  const { phase } = run;
  // Nothing is asked of anybody any more.
  if (run.cancelling !== undefined) return undefined;
  const call = callTo(run, draw);
  const asks = (kind: OpenKind, which: string, content: Content): Asked => asked({ run, kind, which, call }, content);
  switch (phase.name) {
    case "manual": {
      const { message, question } = asks("manual", attemptOf(run, phase.step), manualMessage(run, phase, call));
      return { message: { ...message, urgent: false }, question };
    }
    case "stuck":
      return asks("stuck", attemptOf(run, phase.step), stuckMessage(run, phase.step, phase.failure, call));
    case "unknown":
      return asks("unknown", phase.attempt.id, unknownMessage(run, phase, call));
    case "asking":
      return asks("asking", attemptOf(run, phase.step), askMessage(run, phase, call));
    case "held":
      return asks("held", `${attemptOf(run, phase.step)}.${run.gates.length}`, heldMessage(run, phase, call));
    case "locking": {
      if (phase.heldBy === undefined) return undefined;
      // It waits for another run, not for people.
      const { message } = asks("locked", phase.heldBy.runId, lockedMessage(run, phase.step, phase.heldBy));
      return { message, question: undefined };
    }
    case "between":
    case "checking":
    case "waiting":
    case "planning":
    case "gate":
    case "rechecking":
    case "attempted":
    case "probing":
      return undefined;
    default:
      return exhaustive(phase);
  }
}

/** Gives the open gates of a run as questions that are asked again. */
export function gateQuestions(run: OpenRun, { approversOf }: RunContext): readonly Question[] {
  return run.gates
    .filter((record) => isAsked(run, record))
    .map(({ gate }) => ({
      key: KEYS.gate(run.id, gate.id),
      asks: `*approval needed:* ${line(stepTitle(run, gate.step))}`,
      call: mentions(approversOf(run, gate)),
      expiresAt: gate.expiresAt,
    }));
}

type Asking = { readonly run: OpenRun; readonly kind: OpenKind; readonly which: string; readonly call: string };

const KIND_WORDS: Readonly<Record<OpenKind, string>> = {
  manual: "*work for a person:*",
  stuck: "*a step failed, somebody must decide:*",
  unknown: "*did it happen?*",
  asking: "*a question:*",
  locked: "*the cluster is taken:*",
  held: "*held back, the alert is resolved:*",
};

function asked({ run, kind, which, call }: Asking, content: Content): Asked {
  const step = stepOf(run.phase);
  const key = KEYS.open(run.id, kind, step, which);
  const asks = `${KIND_WORDS[kind]} ${line(stepTitle(run, step))}`;
  return { message: { key, mode: "open", urgent: true, ...content }, question: { key, asks, call } };
}

function stepOf(phase: Phase): string {
  return "step" in phase ? phase.step : "";
}

/** Who is in charge is called; somebody who is listed nowhere has their member id for an id. */
function callTo({ assignee }: OpenRun, { memberOf }: RunContext): string {
  const unlisted = /^slack:(?<member>.+)$/u.exec(assignee.id)?.groups?.["member"];
  const member = memberOf?.(assignee) ?? unlisted;
  return member === undefined ? "" : mentions([member]);
}

function attemptOf(run: OpenRun, step: string): string {
  return String(run.steps.find((record) => record.id === step)?.attempts ?? 1);
}
