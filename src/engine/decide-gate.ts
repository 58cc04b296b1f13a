import { covers, type Actor } from "../access/person.ts";
import { whyNot } from "../access/why-not.ts";
import type { Timestamp } from "../lib/clock.ts";
import { gateDemand, type GateDemand } from "../lib/danger.ts";
import { formatDuration } from "../lib/duration.ts";
import type { DoStep } from "../runbook/schema.ts";
import { advance, fail } from "./advance.ts";
import { stepOf } from "./blocks.ts";
import { isHeld } from "./decide-hold.ts";
import type { BreakGlass, PreconditionReading, RunCommand } from "./commands.ts";
import { followedBy, happened, nothing, refusal, refuse, type Decision, type Refused } from "./decision.ts";
import type { RunEvent } from "./events.ts";
import { planDifferences, planHash } from "./plan.ts";
import type { Program } from "./program.ts";
import { requestCall, wantsLock } from "./request-call.ts";
import { lacksRole, personOf } from "./roles.ts";
import type { Gate, OpenRun, Plan, ResolvedCall } from "./run.ts";

type Command<T extends RunCommand["type"]> = Extract<RunCommand, { type: T }>;

/** How long one yes counts when neither the danger nor the runbook says less. */
const VOTES_EXPIRE_MS = 10 * 60_000;

/** The preconditions were read: before asking people, or again when they agreed. */
export function recordPreconditions(command: Command<"RecordPreconditions">, run: OpenRun, program: Program): Decision {
  const { phase } = run;
  if (phase.name === "planning" && phase.step === command.step)
    return happened(...openGate(command, run, { call: phase.call, program }));
  // An instance that lost the run meanwhile must not announce a call that it could not make.
  if (phase.name === "rechecking" && phase.step === command.step && command.holder === run.driver)
    return happened(...recheck(command, run, { gate: phase.gate, program }));
  return nothing;
}

/** Someone says yes: permitted, not who drives the run, not twice, in time, to what they saw, with the phrase. */
export function approve(command: Command<"Approve">, run: OpenRun): Decision {
  const gate = openGateOf(run, command.gate);
  if ("refused" in gate) return gate;
  if (command.breakGlass !== undefined) return breakGlass(command, gate, command.breakGlass);
  const refused = whyNotApprove(run, gate, command) ?? whyNotThis(command, gate);
  if (refused !== undefined) return refused;
  const { at } = command;
  const vote: RunEvent = { type: "GateVoted", at, gate: gate.id, by: personOf(command.by) };
  if (countingVotes(gate, at).length + 1 < gate.approvals) return happened(vote);
  return happened(vote, { type: "GateAgreed", at, gate: gate.id });
}

/** Gives the votes that count at a moment. */
export function countingVotes({ votes, votesExpireMs }: Gate, at: Timestamp): Gate["votes"] {
  return votes.filter((vote) => at < vote.at + votesExpireMs);
}

/** One person goes past the gate: with the role that the configuration asks for, the phrase and a reason, and loudly. */
function breakGlass(command: Command<"Approve">, gate: Gate, { reason, demands }: BreakGlass): Decision {
  const { by, at, phrase, planHash: seen } = command;
  if (demands === undefined)
    return refuse("break-glass", "nobody may go past gates here (access.breakGlass in the configuration is off)");
  if (!covers(by.role, demands))
    return refuse("break-glass", `${by.name} may not go past gates; the role ${demands} is needed`);
  if (reason.trim() === "") return refuse("reason-missing", "say why one person must be enough");
  if (at >= gate.expiresAt) return refuse("expired", "this gate has expired");
  if (seen !== undefined && seen !== gate.planHash)
    return refuse("changed", "what is asked changed since you saw it; look again");
  const { cluster } = gate.plan;
  if (phrase !== cluster) return refuse("phrase", `type the cluster's name exactly: ${cluster}`);
  return happened(
    { type: "GateBroken", at, gate: gate.id, by: personOf(by), reason },
    { type: "Said", at, text: `BREAK-GLASS: ${by.name} went past the gate alone: ${reason}`, by: personOf(by) },
  );
}

/** Someone says no: the gate closes at once, whoever said yes before. */
export function reject(command: Command<"Reject">, run: OpenRun, program: Program): Decision {
  const gate = openGateOf(run, command.gate);
  if ("refused" in gate) return gate;
  const denied = lacksRole(command.by, "responder", "reject");
  if (denied !== undefined) return denied;
  const { at, reason } = command;
  const rejected: RunEvent = { type: "GateRejected", at, gate: gate.id, by: personOf(command.by), reason };
  const failure = refusal(`${command.by.name} rejected the call: ${reason}`);
  return happened(...followedBy(run, [rejected], (state) => fail(state, { step: gate.step, failure, at, program })));
}

/** The gate's time is over. */
export function expireGate(run: OpenRun, gate: Gate, at: Timestamp, program: Program): readonly RunEvent[] {
  const failure = refusal(
    `nobody else approved within ${formatDuration(gate.expiresAt - gate.openedAt)} (${gate.votes.length} of ${gate.approvals})`,
  );
  return followedBy(run, [{ type: "GateExpired", at, gate: gate.id }], (state) =>
    fail(state, { step: gate.step, failure, at, program }),
  );
}

function openGateOf(run: OpenRun, id: string): Gate | Refused {
  if (run.phase.name === "gate" && run.phase.gate.id === id) return run.phase.gate;
  const record = run.gates.find((candidate) => candidate.gate.id === id);
  if (record === undefined) return refuse("closed", "there is no such gate");
  return refuse("closed", `this gate is closed: ${record.text ?? record.outcome}`);
}

/** Says why a person may not approve a gate at a moment, whatever they saw and type; undefined when they may. */
// oxlint-disable-next-line complexity -- one line a rule: the table of what a yes takes
export function whyNotApprove(
  run: OpenRun,
  gate: Gate,
  { by, at }: { readonly by: Actor; readonly at: Timestamp },
): Refused | undefined {
  const denied = lacksRole(by, gate.plan.danger === "reversible" ? "responder" : "approver", "approve");
  if (denied !== undefined) return denied;
  const stranger = whyNot(by, { verb: "approve", groups: gate.groups });
  if (stranger !== undefined) return refuse("group", stranger);
  if (gate.notTheStarter && by.id === run.startedBy.id)
    return refuse("self-approval", `${by.name} started this run; another person must approve`);
  if (gate.notTheStarter && by.id === run.assignee.id)
    return refuse("self-approval", `${by.name} is in charge of this run; another person must approve`);
  if (countingVotes(gate, at).some((vote) => vote.by.id === by.id))
    return refuse("voted-already", `${by.name} has approved already; another person must approve too`);
  return at >= gate.expiresAt ? refuse("expired", "this gate has expired") : undefined;
}

function whyNotThis({ phrase, planHash: seen }: Command<"Approve">, gate: Gate): Refused | undefined {
  if (seen !== undefined && seen !== gate.planHash)
    return refuse("changed", "what is asked changed since you saw it; look again");
  if (gate.phrase !== undefined && phrase !== gate.phrase)
    return refuse("phrase", `type the cluster's name exactly: ${gate.phrase}`);
  return undefined;
}

type Asked = { readonly call: ResolvedCall; readonly program: Program; readonly before?: Plan };

function openGate(
  command: Command<"RecordPreconditions">,
  run: OpenRun,
  { call, program, before }: Asked,
): readonly RunEvent[] {
  const { outcome, at, step } = command;
  if (!outcome.ok) return fail(run, { step, failure: outcome.failure, at, program });
  if (run.dryRun) return planned(command, run, { call, program });
  const broken = outcome.value.preconditions.filter(({ ok }) => !ok);
  if (broken.length > 0) {
    const message = `cannot ${call.name} on ${run.cluster}: ${broken.map(({ text }) => text).join("; ")}`;
    return fail(run, { step, failure: refusal(message), at, program });
  }
  const plan = planOf(run, call, outcome.value, program);
  if (isHeld(run, plan.danger)) return [{ type: "StepHeld", at, step, call }];
  return [{ type: "GateOpened", at, gate: gateFor(run, plan, { step, at, ...(before && { before }) }) }];
}

/** A dry run ends here: what would be called, what it would take, and what forbids it now. */
function planned(command: Command<"RecordPreconditions">, run: OpenRun, { call, program }: Asked): readonly RunEvent[] {
  const { outcome, at, step } = command;
  if (!outcome.ok) return [];
  const plan = planOf(run, call, outcome.value, program);
  const gate = gateFor(run, plan, { step, at });
  const people = gate.approvals === 1 ? "1 person" : `${gate.approvals} people`;
  const broken = plan.preconditions.filter(({ ok }) => !ok).map(({ text }) => text);
  const now = broken.length === 0 ? "It could be done now." : `Now it would be refused: ${broken.join("; ")}.`;
  const text = `Would call: ${plan.explain.call}. ${people} must approve. ${now}`;
  return followedBy(run, [{ type: "StepPlanned", at, step, text, plan }], (state) => advance(state, at, program));
}

function recheck(
  command: Command<"RecordPreconditions">,
  run: OpenRun,
  { gate, program }: { readonly gate: Gate; readonly program: Program },
): readonly RunEvent[] {
  const { outcome, at, step, holder } = command;
  if (at >= gate.expiresAt) return expireGate(run, gate, at, program);
  if (!outcome.ok) {
    const voided: RunEvent = {
      type: "GateVoided",
      at,
      gate: gate.id,
      differences: [`the preconditions could not be read again: ${outcome.failure.message}`],
    };
    return followedBy(run, [voided], (state) => fail(state, { step, failure: outcome.failure, at, program }));
  }
  const plan = planOf(run, gate.plan.call, outcome.value, program);
  const broken = run.gates.find((record) => record.gate.id === gate.id)?.brokenBy;
  const differences = [
    ...planDifferences(gate.plan, plan),
    // Nobody carried the run for a while: a yes counts for its time, also when enough people agreed.
    ...(broken === undefined && countingVotes(gate, at).length < gate.approvals
      ? [`the approvals are older than ${formatDuration(gate.votesExpireMs)}`]
      : []),
  ];
  if (differences.length > 0) {
    return followedBy(run, [{ type: "GateVoided", at, gate: gate.id, differences }], (state) =>
      openGate(command, state, { call: gate.plan.call, program, before: gate.plan }),
    );
  }
  // The first attempt surely did nothing, and meanwhile the alert was resolved.
  if (isHeld(run, plan.danger)) {
    const voided: RunEvent = { type: "GateVoided", at, gate: gate.id, differences: ["the alert was resolved"] };
    return [voided, { type: "StepHeld", at, step, call: gate.plan.call }];
  }
  // A run of version 0.1 came to its gate without the cluster's lock.
  if (!run.locked && wantsLock(run, program)) {
    const alone: RunEvent = {
      type: "GateVoided",
      at,
      gate: gate.id,
      differences: ["the cluster's lock was not taken"],
    };
    return followedBy(run, [alone], (state) => [requestCall(state, { path: step, call: gate.plan.call, at, program })]);
  }
  const attempt = {
    id: `${run.id}/${step}/${run.attempts + 1}`,
    at,
    holder,
    epoch: run.epoch,
    deadline: at + (program.actions.get(plan.call.name)?.performWithinMs ?? 0),
    approvedBy: broken === undefined ? gate.votes.map((vote) => vote.by) : [broken],
  };
  return [{ type: "StepAttempted", at, step, plan, attempt }];
}

function planOf(run: OpenRun, call: ResolvedCall, reading: PreconditionReading, program: Program): Plan {
  const facts = program.actions.get(call.name);
  if (facts === undefined) throw new Error(`no facts for action "${call.name}"`);
  return {
    call,
    danger: facts.danger,
    effect: facts.effect,
    cluster: run.cluster,
    clusterId: reading.clusterId,
    runbookDigest: run.runbookDigest,
    preconditions: reading.preconditions,
    explain: reading.explain,
  };
}

function gateFor(
  run: OpenRun,
  plan: Plan,
  { step, at, before }: { readonly step: string; readonly at: Timestamp; readonly before?: Plan },
): Gate {
  const demand: GateDemand = gateDemand(plan.danger);
  const asked = (stepOf(run, step) as DoStep).gate ?? {};
  const expiresMs = Math.min(demand.expiresMs, asked.expires ?? demand.expiresMs);
  return {
    id: `${step}.${run.gates.length + 1}`,
    step,
    plan,
    planHash: planHash(step, plan),
    approvals: Math.max(demand.approvals, asked.approvals ?? 0),
    notTheStarter: demand.notTheStarter,
    groups: asked.groups ?? [],
    votesExpireMs: Math.min(VOTES_EXPIRE_MS, asked.votesExpire ?? VOTES_EXPIRE_MS),
    phrase: demand.typedPhrase ? run.cluster : undefined,
    openedAt: at,
    expiresAt: at + expiresMs,
    votes: [],
    differences: before === undefined ? [] : planDifferences(before, plan),
  };
}
