import { covers, type Actor, type Role } from "../access/person.ts";
import type { Timestamp } from "../lib/clock.ts";
import { gateDemand } from "../lib/danger.ts";
import { formatDuration } from "../lib/duration.ts";
import type { DoStep } from "../runbook/schema.ts";
import { fail, stepOf } from "./advance.ts";
import type { PreconditionReading, RunCommand } from "./commands.ts";
import { followedBy, happened, nothing, refusal, refuse, type Decision } from "./decision.ts";
import type { RunEvent } from "./events.ts";
import { planDifferences } from "./plan.ts";
import type { Program } from "./program.ts";
import type { Gate, OpenRun, Plan, ResolvedCall } from "./run.ts";

type Command<T extends RunCommand["type"]> = Extract<RunCommand, { type: T }>;

/** The preconditions were read: before asking people, or again when they agreed. */
export function recordPreconditions(command: Command<"RecordPreconditions">, run: OpenRun, program: Program): Decision {
  const { phase } = run;
  if (phase.name === "planning" && phase.step === command.step)
    return happened(...openGate(command, run, { call: phase.call, program }));
  if (phase.name === "rechecking" && phase.step === command.step)
    return happened(...recheck(command, run, { gate: phase.gate, program }));
  return nothing;
}

/** Someone says yes: permitted, not the starter, not twice, in time, with the phrase. */
export function approve(command: Command<"Approve">, run: OpenRun): Decision {
  const gate = openGateOf(run, command.gate);
  if (typeof gate === "string") return refuse(gate);
  const why = whyNotApprove(command, run, gate);
  if (why !== undefined) return refuse(why);
  const vote: RunEvent = {
    type: "GateVoted",
    at: command.at,
    gate: gate.id,
    by: { id: command.by.id, name: command.by.name },
  };
  if (gate.votes.length + 1 < gate.approvals) return happened(vote);
  return happened(vote, { type: "GateAgreed", at: command.at, gate: gate.id });
}

/** Someone says no: the gate closes at once, whoever said yes before. */
export function reject(command: Command<"Reject">, run: OpenRun, program: Program): Decision {
  const gate = openGateOf(run, command.gate);
  if (typeof gate === "string") return refuse(gate);
  const denied = lacksRole(command.by, "responder", "reject");
  if (denied !== undefined) return refuse(denied);
  const rejected: RunEvent = {
    type: "GateRejected",
    at: command.at,
    gate: gate.id,
    by: { id: command.by.id, name: command.by.name },
    reason: command.reason,
  };
  const failure = refusal(`${command.by.name} rejected the call: ${command.reason}`);
  return happened(
    ...followedBy(run, [rejected], (state) => fail(state, { step: gate.step, failure, at: command.at, program })),
  );
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

/** Says why a role is not enough, or nothing. */
export function lacksRole(by: Actor, role: Role, verb: string): string | undefined {
  return covers(by.role, role) ? undefined : `${by.name} may not ${verb}; the role ${role} is needed`;
}

function openGateOf(run: OpenRun, id: string): Gate | string {
  if (run.phase.name === "gate" && run.phase.gate.id === id) return run.phase.gate;
  const record = run.gates.find((candidate) => candidate.gate.id === id);
  if (record === undefined) return "there is no such gate";
  return `this gate is closed: ${record.text ?? record.outcome}`;
}

function whyNotApprove(command: Command<"Approve">, run: OpenRun, gate: Gate): string | undefined {
  const { by, at, phrase } = command;
  const denied = lacksRole(by, gate.plan.danger === "reversible" ? "responder" : "approver", "approve");
  if (denied !== undefined) return denied;
  if (gate.notTheStarter && by.id === run.startedBy.id)
    return `${by.name} started this run; another person must approve`;
  if (gate.votes.some((vote) => vote.by.id === by.id))
    return `${by.name} has approved already; another person must approve too`;
  if (at >= gate.expiresAt) return "this gate has expired";
  if (gate.phrase !== undefined && phrase !== gate.phrase) return `type the cluster's name exactly: ${gate.phrase}`;
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
  const broken = outcome.value.preconditions.filter(({ ok }) => !ok);
  if (broken.length > 0) {
    const message = `cannot ${call.name} on ${run.cluster}: ${broken.map(({ text }) => text).join("; ")}`;
    return fail(run, { step, failure: refusal(message), at, program });
  }
  return [
    {
      type: "GateOpened",
      at,
      gate: gateFor(run, planOf(run, call, outcome.value, program), { step, at, ...(before && { before }) }),
    },
  ];
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
  const differences = planDifferences(gate.plan, plan);
  if (differences.length > 0) {
    return followedBy(run, [{ type: "GateVoided", at, gate: gate.id, differences }], (state) =>
      openGate(command, state, { call: gate.plan.call, program, before: gate.plan }),
    );
  }
  const record = run.steps.find(({ id }) => id === step);
  const attempt = {
    id: `${run.id}/${step}/${record?.attempts ?? 0}.${run.gates.length}`,
    at,
    holder,
    approvedBy: gate.votes.map((vote) => vote.by),
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
  const demand = gateDemand(plan.danger);
  const asked = (stepOf(run, step) as DoStep).gate ?? {};
  return {
    id: `${step}.${run.gates.length + 1}`,
    step,
    plan,
    approvals: Math.max(demand.approvals, asked.approvals ?? 0),
    notTheStarter: demand.notTheStarter,
    phrase: demand.typedPhrase ? run.cluster : undefined,
    openedAt: at,
    expiresAt: at + Math.min(demand.expiresMs, asked.expires ?? demand.expiresMs),
    votes: [],
    differences: before === undefined ? [] : planDifferences(before, plan),
  };
}
