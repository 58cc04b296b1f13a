import type { z } from "zod";
import type { Clock, Timestamp } from "../lib/clock.ts";
import type { Danger } from "../lib/danger.ts";
import { FailureError } from "../lib/failure.ts";
import type { Json } from "../lib/json.ts";
import type { PolicyRule } from "../lib/vault-policy.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import type { ActionServices } from "./services.ts";

/** What a check or an action may use. `signal` ends at the step's time-out or when the run is aborted. */
export type ActionContext = {
  readonly cluster: VaultCluster;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What is there besides the cluster; a part that is not configured is absent, and what needs it says so. */
  readonly services: ActionServices;
};

/** Values that a step takes or gives. Only declared outputs are ever stored or shown. */
export type Values = { readonly [key: string]: Json };

/**
 * Check reads. It runs by itself: when its step comes, again at approval, after a crash, in a dry run. `input` and `output` are zod objects;
 * expressions are type-checked against `output`.
 */
export type Check = {
  readonly kind: "check";
  readonly name: string;
  readonly summary: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** What the token for reading must permit. Empty when it works without a token: then it works while the cluster is sealed. */
  readonly policy: readonly PolicyRule[];
  readonly read: (context: ActionContext, input: Values) => Promise<Values>;
};

/**
 * Precondition is one fact that must hold for a call, with the value it was judged by. The value is part of what people approve:
 * it must be stable (no times, no lags), because any change of it voids the approval.
 */
export type Precondition = {
  readonly name: string;
  readonly ok: boolean;
  readonly value: Json;
  /** The judgement in words, with the arithmetic: "3 voters, 2 healthy; after removal 2 voters need 2". */
  readonly text: string;
};

/** What a probe saw: whether the effect of an attempt is there. */
export type Probe = { readonly verdict: "done" | "not-done" | "unknown"; readonly evidence: string };

/** An attempt as a probe sees it: what was called, and when it was about to be. */
export type ProbedAttempt = { readonly at: Timestamp };

/**
 * Action changes something. `effect: "once"` is never repeated by the program; `idempotent` may be, while its approval stands.
 * The engine reads the preconditions before it asks people and again when they agreed; after the call, and after a crash, it probes.
 */
export type Action = {
  readonly kind: "action";
  readonly name: string;
  readonly summary: string;
  readonly danger: Exclude<Danger, "observe">;
  readonly effect: "idempotent" | "once";
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** What the token for reading must permit, for preconditions and probe. */
  readonly policy: readonly PolicyRule[];
  /**
   * Exactly what the token for the call must permit, and nothing more: the policy of the token that an approval mints. A path that the input
   * decides ends in `*`. Empty when Vault is not called.
   */
  readonly grants: readonly PolicyRule[];
  /** What it will cost and what proves success, for the gate's text. */
  readonly explain: (input: Values) => { readonly call: string; readonly cost: string; readonly proof: string };
  readonly preconditions: (context: ActionContext, input: Values) => Promise<readonly Precondition[]>;
  readonly perform: (context: ActionContext, input: Values) => Promise<Values>;
  /** Reads only. Says whether the effect is there. */
  readonly probe: (context: ActionContext, input: Values, attempt: ProbedAttempt) => Promise<Probe>;
  /** How long after a good answer the effect may take to be seen, in milliseconds. */
  readonly verifyWithinMs: number;
  /** How long the call itself may take, in milliseconds; it is also the life of its token. */
  readonly performWithinMs: number;
  /** How long one look of the probe may take, and how long it pauses before the next, in milliseconds. */
  readonly probeTimeoutMs: number;
  readonly probeEveryMs: number;
  /** What Kubernetes must permit for the call; absent when it is not asked. */
  readonly kubernetes?: readonly KubernetesRule[];
};

/** One rule of a Kubernetes Role that an action needs. */
export type KubernetesRule = {
  readonly apiGroup: string;
  readonly resource: string;
  readonly verbs: readonly string[];
};

type CheckOf<I extends z.ZodObject, O extends z.ZodObject> = Omit<Check, "kind" | "input" | "output" | "read"> & {
  readonly input: I;
  readonly output: O;
  readonly read: (context: ActionContext, input: z.infer<I>) => Promise<z.infer<O>>;
};

/** How long things may take where an action says nothing else. */
const USUAL = { performWithinMs: 30_000, probeTimeoutMs: 10_000, probeEveryMs: 1000 } as const;

type ActionOf<I extends z.ZodObject, O extends z.ZodObject> = Omit<
  Action,
  "kind" | "input" | "output" | "explain" | "preconditions" | "perform" | "probe" | keyof typeof USUAL
> &
  Partial<Pick<Action, keyof typeof USUAL>> & {
    readonly input: I;
    readonly output: O;
    readonly explain: (input: z.infer<I>) => ReturnType<Action["explain"]>;
    readonly preconditions: (context: ActionContext, input: z.infer<I>) => Promise<readonly Precondition[]>;
    readonly perform: (context: ActionContext, input: z.infer<I>) => Promise<z.infer<O>>;
    readonly probe: (context: ActionContext, input: z.infer<I>, attempt: ProbedAttempt) => Promise<Probe>;
  };

/** Declares a check with typed input and output; its values are parsed on the way in and out, and an ended signal begins nothing. */
export function defineCheck<I extends z.ZodObject, O extends z.ZodObject>(check: CheckOf<I, O>): Check {
  const { name } = check;
  return {
    ...check,
    kind: "check",
    read: async (context, input) => {
      throwIfEnded(context, name);
      return parseOutput(name, check.output, await check.read(context, parseInput(name, check.input, input)));
    },
  };
}

/** Declares an action with typed input and output; its values are parsed on the way in and out, and an ended signal begins nothing. */
export function defineAction<I extends z.ZodObject, O extends z.ZodObject>(action: ActionOf<I, O>): Action {
  const { name } = action;
  return {
    ...USUAL,
    ...action,
    kind: "action",
    explain: (input) => action.explain(parseInput(name, action.input, input)),
    preconditions: async (context, input) => {
      throwIfEnded(context, name);
      return await action.preconditions(context, parseInput(name, action.input, input));
    },
    perform: async (context, input) => {
      throwIfEnded(context, name);
      return parseOutput(name, action.output, await action.perform(context, parseInput(name, action.input, input)));
    },
    probe: async (context, input, attempt) => {
      throwIfEnded(context, name);
      return await action.probe(context, parseInput(name, action.input, input), attempt);
    },
  };
}

function throwIfEnded({ cluster, signal }: ActionContext, name: string): void {
  if (!signal.aborted) return;
  throw new FailureError({
    reason: "aborted",
    retryable: true,
    message: `cannot begin ${name} on ${cluster.name}: its time was over or its run was aborted; try again`,
  });
}

function parseInput<I extends z.ZodObject>(name: string, schema: I, input: Values): z.infer<I> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new FailureError({
    reason: "refused",
    retryable: false,
    message: `cannot begin ${name}: its input is wrong, ${firstIssue(parsed.error)}; correct the step's \`with\``,
  });
}

function parseOutput(name: string, schema: z.ZodObject, output: unknown): Values {
  const parsed = schema.safeParse(output);
  if (parsed.success) return parsed.data as Values;
  throw new FailureError({
    reason: "invalid-answer",
    retryable: false,
    message: `cannot use what ${name} read: ${firstIssue(parsed.error)}; check that the address is a Vault or OpenBao server`,
  });
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return "no reason known";
  return issue.path.length === 0 ? issue.message : `"${issue.path.join(".")}": ${issue.message}`;
}
