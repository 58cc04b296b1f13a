import type { Person } from "../access/person.ts";
import type { RunEvent } from "../engine/events.ts";
import { showValue } from "../engine/program.ts";
import type { LockHolder } from "../engine/run.ts";
import { formatDuration } from "../lib/duration.ts";

/** What one event says to somebody who was not there; `who` is undefined for the program itself. */
export type Told = { readonly who: string | undefined; readonly text: string };

type Tell<T extends RunEvent["type"]> = (event: Extract<RunEvent, { type: T }>) => Told;

/** Says an event in a sentence. An event of a newer version is told by its name alone. */
export function tellEvent(event: RunEvent): Told {
  if (!Object.hasOwn(TELL, event.type)) return program(`${event.type} (of another version of sealwatch)`);
  // TypeScript cannot see that the entry and the event have the same type.
  const tell = TELL[event.type] as Tell<RunEvent["type"]>;
  return tell(event);
}

const TELL: { readonly [T in RunEvent["type"]]: Tell<T> } = {
  RunStarted: ({ by, dryRun, drill, cluster }) =>
    person(
      by,
      `started ${dryRun === true ? "a dry run" : drill === true ? "a drill" : "the run"} on cluster ${cluster}`,
    ),
  StepStarted: ({ step, title }) => program(`step ${step} began: ${title}`),
  CheckRequested: ({ step, call }) => program(`${step}: reads ${callText(call)}`),
  WaitBegun: ({ step, call, everyMs, deadline, at }) =>
    program(
      `${step}: reads ${callText(call)} every ${formatDuration(everyMs)} for ${formatDuration(deadline - at)} at most`,
    ),
  ManualBegun: ({ step, text, commands }) =>
    program(`${step}: asks a person: ${[text.trim(), ...commands].join("\n$ ")}`),
  AskBegun: ({ step, text }) => program(`${step}: asks: ${text.trim()}`),
  LoopBegun: ({ step, items }) =>
    program(`${step}: begins ${items.length} rounds: ${items.map((item) => showValue(item)).join(", ")}`),
  IncludeBegun: ({ step }) => program(`${step}: begins the included runbook`),
  Polled: ({ step, progress }) => program(`${step}: ${progress}`),
  StepSucceeded: ({ step, text, by }) => maybe(by, `${step}: done: ${text}`),
  StepFailed: ({ step, failure }) => program(`${step}: failed: ${failure.message}`),
  StepSkipped: ({ step, text, by }) => maybe(by, `${step}: skipped: ${text}`),
  StepStuck: ({ step, failure }) => program(`${step}: stuck, people decide: ${failure.message}`),
  StepPlanned: ({ step, text }) => program(`${step}: planned: ${text}`),
  LockRequested: ({ step }) => program(`${step}: asks for the cluster's lock`),
  LockAwaited: ({ step, heldBy }) => program(`${step}: waits for the cluster: ${holderText(heldBy)}`),
  LockTaken: ({ since }) => program(`has the cluster to itself since ${new Date(since).toISOString()}`),
  LockLost: ({ by, reason }) => person(by, `took the cluster's lock away: ${reason}`),
  PlanRequested: ({ step, call }) => program(`${step}: reads what must hold for ${callText(call)}`),
  GateOpened: ({ gate }) => program(`gate ${gate.id} opened: ${gate.plan.explain.call}`),
  GateVoted: ({ gate, by }) => person(by, `approved gate ${gate}`),
  GateRejected: ({ gate, by, reason }) => person(by, `rejected gate ${gate}: ${reason}`),
  GateExpired: ({ gate }) => program(`gate ${gate} expired: too few people approved in time`),
  GateAgreed: ({ gate }) => program(`gate ${gate}: enough people approved`),
  GateBroken: ({ gate, by, reason }) => person(by, `BREAK-GLASS: went past gate ${gate} alone: ${reason}`),
  GateVoided: ({ gate, differences }) => program(`gate ${gate} is void: ${differences.join("; ")}`),
  RecheckBegun: ({ step }) => program(`${step}: the call took no effect; what must hold is read again`),
  StepAttempted: ({ step, plan, attempt }) =>
    program(`${step}: calls ${plan.explain.call}, approved by ${names(attempt.approvedBy)} (attempt ${attempt.id})`),
  ProbeBegun: ({ step, cause, why }) =>
    program(`${step}: looks whether it took effect (${CAUSES[cause]})${why === undefined ? "" : `: ${why}`}`),
  DriverChanged: ({ driver }) => program(`carried on by ${driver}`),
  OutcomeUnknown: ({ step, evidence }) => program(`${step}: nobody can tell whether it took effect: ${evidence}`),
  Said: ({ text, by }) => maybe(by, text),
  EvidenceAttached: ({ evidence: { by, name, bytes, sha256 } }) =>
    person(by, `attached ${name}: ${bytes} bytes, sha256:${sha256}`),
  Assigned: ({ to, by }) => person(by, to.id === by.id ? "took charge of the run" : `handed the run to ${to.name}`),
  CancelBegun: ({ by, reason, caution }) =>
    person(by, `aborted the run: ${reason}${caution === undefined ? "" : ` ${caution}`}`),
  AlertNoted: ({ status }) => program(`the alert is ${status}`),
  StepHeld: ({ step, call }) =>
    program(`${step}: held back: the alert is resolved, ${callText(call)} is not asked for`),
  RunReopened: ({ by }) => person(by, "re-opened the run although its alert is resolved"),
  RunFinished: ({ result, text, by }) => maybe(by, `the run ended, ${result}: ${text}`),
};

const CAUSES = {
  verify: "no answer is believed without a look",
  interrupted: "the program was interrupted",
  "no-answer": "there was no clear answer",
} as const;

function program(text: string): Told {
  return { who: undefined, text };
}

function person(by: Person, text: string): Told {
  return { who: by.name, text };
}

function maybe(by: Person | undefined, text: string): Told {
  return { who: by?.name, text };
}

function names(people: readonly Person[]): string {
  return people.map(({ name }) => name).join(" and ");
}

function holderText({ runId, since }: LockHolder): string {
  return `run ${runId} has it since ${new Date(since).toISOString()}`;
}

function callText({ name, with: input }: { name: string; with: Readonly<Record<string, unknown>> }): string {
  const given = Object.entries(input).map(([key, value]) => `${key}=${showValue(value as never)}`);
  return [name, ...given].join(" ");
}
