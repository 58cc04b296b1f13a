import { z } from "zod";
import { parseDuration } from "../lib/duration.ts";

const Id = z.string().regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/u, "a lower-case name with dashes, like lost-peer");
/** Step ids and input names are read by expressions (`steps.seal.type`), so they are identifiers. */
const Name = z.string().regex(/^[a-z][a-z0-9_]*$/u, "a lower-case name with underscores, like raft_peers");
const ActionName = z.string().regex(/^[a-z]+[.][a-z]+(?:-[a-z]+)*$/u, "a name like vault.seal-status");
const Expression = z.string().min(1);
/** Text in which `${…}` holds expressions. */
const Template = z.string().min(1);

/** Duration is text like `90s` or `1h30m`; parsed, it is milliseconds. */
export const Duration = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  context.addIssue({ code: "custom", message: `"${text}" is not a duration; write for instance 30s, 5m or 1h30m` });
  return z.NEVER;
});

/** Input is what a run is started with; `label` names the alert label that fills it. */
export const Input = z.strictObject({
  type: z.enum(["cluster", "node", "string"]),
  description: z.string().optional(),
  label: z.string().optional(),
  pattern: z.string().optional(),
  default: z.string().optional(),
});

/** Gate may only ask for more than the action's danger demands; lint refuses less. */
export const Gate = z.strictObject({
  approvals: z.int().min(1).max(5).optional(),
  expires: Duration.optional(),
});

const With = z.record(z.string(), z.union([Template, z.number(), z.boolean()])).default({});

/** What happens to the run when a check's expectation does not hold: it ends there, or only says something and goes on. */
const Otherwise = z.strictObject({
  finish: z.enum(["resolved", "stopped"]).optional(),
  say: Template,
});

const common = {
  id: Name,
  title: Template.optional(),
  when: Expression.optional(),
  onFailure: z.enum(["ask", "stop", "continue"]).default("ask"),
};

/** CheckStep reads once and compares. */
export const CheckStep = z.strictObject({
  ...common,
  check: ActionName,
  with: With,
  expect: Expression.optional(),
  otherwise: Otherwise.optional(),
});

/** WaitStep polls a check until the expression is true or the time is over. */
export const WaitStep = z.strictObject({
  ...common,
  wait: ActionName,
  with: With,
  until: Expression,
  every: Duration.prefault("5s"),
  timeout: Duration.prefault("10m"),
});

/** DoStep carries out an action behind its gate. */
export const DoStep = z.strictObject({ ...common, do: ActionName, with: With, gate: Gate.optional() });

/** ManualStep gives work to a human; with `watch` it ends by itself when the effect is seen. */
export const ManualStep = z.strictObject({
  ...common,
  manual: Template,
  commands: z.array(Template).default([]),
  watch: z
    .strictObject({
      check: ActionName,
      with: With,
      until: Expression,
      /** Shown while waiting, for instance "`${result.progress}` of `${result.threshold}` key shares". */
      progress: Template.optional(),
      every: Duration.prefault("5s"),
    })
    .optional(),
});

/** SayStep tells people something. */
export const SayStep = z.strictObject({ ...common, say: Template });

/** Step is one of the kinds; the key names it (`check`, `wait`, `do`, `manual`, `say`). */
export const Step = z.union([CheckStep, WaitStep, DoStep, ManualStep, SayStep]);

/** Runbook is one file: text for humans and steps for the machine. */
export const Runbook = z.strictObject({
  id: Id,
  title: z.string().min(1),
  alerts: z.array(z.string()).default([]),
  /** The four questions of whoever was just woken up. */
  meaning: z.string().min(1),
  impact: z.string().min(1),
  verify: z.string().min(1),
  escalate: z.string().min(1),
  /** Where this runbook departs from the usual advice, and why. */
  departs: z.string().optional(),
  inputs: z.record(Name, Input),
  steps: z.array(Step).min(1),
});

export type Input = z.infer<typeof Input>;
export type Gate = z.infer<typeof Gate>;
export type CheckStep = z.infer<typeof CheckStep>;
export type WaitStep = z.infer<typeof WaitStep>;
export type DoStep = z.infer<typeof DoStep>;
export type ManualStep = z.infer<typeof ManualStep>;
export type SayStep = z.infer<typeof SayStep>;
export type Step = z.infer<typeof Step>;
export type Runbook = z.infer<typeof Runbook>;

/** Names the kind of a step. */
export type StepKind = "check" | "wait" | "do" | "manual" | "say";

/** Tells which kind a step is, by its key. */
export function stepKind(step: Step): StepKind {
  if ("check" in step) return "check";
  if ("wait" in step) return "wait";
  if ("do" in step) return "do";
  if ("manual" in step) return "manual";
  return "say";
}
