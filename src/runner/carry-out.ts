import type { Action, ActionContext, Check } from "../actions/action.ts";
import type { RunCommand } from "../engine/commands.ts";
import type { Effect } from "../engine/effects.ts";
import { exhaustive } from "../lib/exhaustive.ts";
import { FailureError, toFailure } from "../lib/failure.ts";
import type { OpenRun } from "../engine/run.ts";
import { guardCluster } from "./guarded-cluster.ts";
import type { OperatorSession } from "../vault/cluster.ts";
import type { ClusterLocks } from "./ports.ts";

/** What carrying out an effect needs: the registries, and the context of the run's cluster. */
export type CarryOutDeps = {
  readonly checks: ReadonlyMap<string, Check>;
  readonly actions: ReadonlyMap<string, Action>;
  readonly context: ActionContext;
  readonly holder: string;
  readonly run: Pick<OpenRun, "id" | "epoch" | "cluster">;
  readonly locks: Pick<ClusterLocks, "acquire">;
  /** Asked before anything that changes something leaves; throws when it may not. */
  readonly mayLeave: () => Promise<void>;
};

/** Does what an effect wants and gives the answer as the next command. Never throws: a failed call is an answer too. */
export async function carryOut(effect: Effect, deps: CarryOutDeps): Promise<RunCommand> {
  const { clock } = deps.context;
  switch (effect.type) {
    case "read":
      return {
        type: "RecordCheck",
        step: effect.step,
        outcome: await outcomeOf(() => read(effect.call, deps)),
        at: clock.now(),
      };
    case "poll":
      return {
        type: "RecordPoll",
        step: effect.step,
        outcome: await outcomeOf(() => read(effect.call, deps)),
        at: clock.now(),
      };
    case "preconditions": {
      const outcome = await outcomeOf(() => readPreconditions(effect.call, deps));
      return { type: "RecordPreconditions", step: effect.step, holder: deps.holder, outcome, at: clock.now() };
    }
    case "lock": {
      const { id, cluster } = deps.run;
      const outcome = await outcomeOf(async () => await deps.locks.acquire(cluster, id, clock.now()));
      return { type: "RecordLock", step: effect.step, outcome, at: clock.now() };
    }
    case "perform": {
      const performed = await perform(effect, deps);
      const { id: attempt, epoch } = effect.attempt;
      return { type: "RecordPerformed", attempt, epoch, ...performed, at: clock.now() };
    }
    case "probe":
      return { ...(await probe(effect, deps)), at: clock.now() };
    default:
      return exhaustive(effect);
  }
}

async function read(
  call: { readonly name: string; readonly with: Parameters<Check["read"]>[1] },
  deps: CarryOutDeps,
): ReturnType<Check["read"]> {
  const check = deps.checks.get(call.name);
  if (check === undefined) throw unknownName("check", call.name);
  return await check.read(deps.context, call.with);
}

async function readPreconditions(
  call: { readonly name: string; readonly with: Parameters<Check["read"]>[1] },
  deps: CarryOutDeps,
) {
  const action = actionNamed(deps, call.name);
  const identity = await deps.context.cluster.identity({ signal: deps.context.signal });
  const preconditions = await action.preconditions(deps.context, call.with);
  return { clusterId: identity?.clusterId, preconditions, explain: action.explain(call.with) };
}

type Performed = Pick<Extract<RunCommand, { type: "RecordPerformed" }>, "outcome" | "credential">;

/** The credential is opened for this very call, after people agreed to it, and ended with it. */
async function perform(effect: Extract<Effect, { type: "perform" }>, deps: CarryOutDeps): Promise<Performed> {
  const { context, run, mayLeave } = deps;
  const { call } = effect.plan;
  const action = actionNamed(deps, call.name);
  const asked = { action: call.name, run: run.id, step: effect.step, ttlMs: effect.withinMs };
  const session = await outcomeOf(async () => {
    // Before a token is minted, and also for an action that changes something else than Vault.
    await mayLeave();
    if (action.grants.length === 0) return withoutCredential(context);
    return await context.cluster.operator.open(asked, { signal: context.signal });
  });
  // Without a credential nothing was called, however the attempt to get one ended.
  if (!session.ok)
    return { outcome: { ok: false, failure: { ...session.failure, reason: "refused" } }, credential: undefined };
  const cluster = guardCluster(session.value.cluster, mayLeave);
  const outcome = await outcomeOf(async () => await action.perform({ ...context, cluster }, call.with));
  // What the call answered must not be lost with the end of its token.
  const ended = await outcomeOf(async () => await session.value.end());
  if (!ended.ok) return { outcome, credential: `the token of this call was not revoked: ${ended.failure.message}` };
  const { revoked, text } = ended.value;
  return { outcome, credential: revoked === "not-needed" ? undefined : text };
}

/** An action that calls no Vault needs no token. */
function withoutCredential({ cluster }: ActionContext): OperatorSession {
  return { cluster, end: async () => ({ text: "no token was needed", revoked: "not-needed" }) };
}

type ProbeAnswer = {
  readonly type: "RecordProbe";
  readonly attempt: string;
  readonly verdict: "done" | "not-done" | "unknown";
  readonly evidence: string;
};

async function probe(effect: Extract<Effect, { type: "probe" }>, deps: CarryOutDeps): Promise<ProbeAnswer> {
  const { call } = effect.plan;
  const outcome = await outcomeOf(
    async () => await actionNamed(deps, call.name).probe(deps.context, call.with, { at: effect.attempt.at }),
  );
  const answer = { type: "RecordProbe", attempt: effect.attempt.id } as const;
  if (outcome.ok) return { ...answer, ...outcome.value };
  return { ...answer, verdict: "unknown", evidence: outcome.failure.message };
}

function actionNamed(deps: CarryOutDeps, name: string): Action {
  const action = deps.actions.get(name);
  if (action === undefined) throw unknownName("action", name);
  return action;
}

function unknownName(kind: string, name: string): FailureError {
  return new FailureError({
    reason: "not-found",
    retryable: false,
    message: `cannot use ${kind} "${name}": this version of sealwatch does not have it; run the version that started the run`,
  });
}

async function outcomeOf<T>(
  task: () => Promise<T>,
): Promise<
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: ReturnType<typeof toFailure> }
> {
  try {
    return { ok: true, value: await task() };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}
