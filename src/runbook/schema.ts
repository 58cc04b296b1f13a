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
export const Duration = z.string("a time with its unit, like 30s, 5m or 1h30m").transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  context.addIssue({ code: "custom", message: `"${text}" is not a duration; write for instance 30s, 5m or 1h30m` });
  return z.NEVER;
});

/** Polling faster than this helps nobody; a time-out or an expiry below it is a slip of the pen. */
const atLeast = (minimumMs: number, words: string) =>
  Duration.refine((milliseconds) => milliseconds >= minimumMs, `a time of at least ${words} is wanted`);

/** Interval is the time between two of something: at least a second, for 0 would be a loop without a pause. */
export const Interval = atLeast(1000, "1s");

/** Input is what a run is started with; `label` names the alert label that fills it. */
export const Input = z.strictObject({
  type: z
    .enum(["cluster", "node", "string"])
    .describe("What may be given: a configured cluster, one of its nodes, or text."),
  description: z.string().optional().describe("What people read beside the field."),
  label: z.string().optional().describe("Alert label that fills it; default: the one of its type."),
  pattern: z.string().optional().describe("Regular expression that the whole text must match."),
  default: z.string().optional().describe("Taken when nothing is given."),
});

/** Gate may only ask for more than the action's danger demands; lint refuses less. */
export const Gate = z.strictObject({
  approvals: z.int().min(1).max(5).optional().describe("Different people who must approve."),
  expires: atLeast(60_000, "1m").optional().describe("How long the gate stays open."),
});

const With = z.record(z.string(), z.union([Template, z.number(), z.boolean()])).default({});

/** What happens to the run when a check's expectation does not hold: it ends there, or only says something and goes on. */
const Otherwise = z.strictObject({
  finish: z.enum(["resolved", "stopped"]).optional().describe("How the run ends; without it, the run goes on."),
  say: Template.describe("What people are told."),
});

const common = {
  id: Name.describe("Name of the step; later steps read its result as steps.<id>."),
  title: Template.optional().describe("What people see instead of the id."),
  when: Expression.optional().describe("The step is skipped unless this is true."),
  onFailure: z
    .enum(["ask", "stop", "continue"])
    .default("ask")
    .describe("What a failure of the step means for the run; ask lets people retry, skip or abort."),
};

/** CheckStep reads once and compares. */
export const CheckStep = z.strictObject({
  ...common,
  check: ActionName.describe("The check to read."),
  with: With,
  expect: Expression.optional().describe("What should be true of `result`."),
  shows: Template.optional().describe("The result in a sentence for people; default: every output."),
  otherwise: Otherwise.optional(),
});

/** WaitStep polls a check until the expression is true or the time is over. */
export const WaitStep = z.strictObject({
  ...common,
  wait: ActionName.describe("The check to read again and again."),
  with: With,
  until: Expression.describe("What must become true of `result`."),
  progress: Template.optional().describe("The result in a sentence, shown while waiting; default: every output."),
  every: Interval.prefault("5s"),
  timeout: Interval.prefault("10m"),
});

/** DoStep carries out an action behind its gate. */
export const DoStep = z.strictObject({
  ...common,
  do: ActionName.describe("The action to carry out."),
  with: With,
  gate: Gate.optional(),
});

/** ManualStep gives work to a human; with `watch` it ends by itself when the effect is seen. */
export const ManualStep = z.strictObject({
  ...common,
  manual: Template.describe("What a human is to do."),
  commands: z.array(Template).default([]).describe("Commands to copy; values are quoted for the shell."),
  watch: z
    .strictObject({
      check: ActionName,
      with: With,
      until: Expression,
      /** Shown while waiting, for instance "`${result.progress}` of `${result.threshold}` key shares". */
      progress: Template.optional(),
      every: Interval.prefault("5s"),
    })
    .optional(),
});

/** SayStep tells people something. */
export const SayStep = z.strictObject({ ...common, say: Template.describe("What people are told.") });

/** Step is one of the kinds; the key names it (`check`, `wait`, `do`, `manual`, `say`). */
export const Step = z.union([CheckStep, WaitStep, DoStep, ManualStep, SayStep]);

/** Runbook is one file: text for humans and steps for the machine. */
export const Runbook = z.strictObject({
  id: Id.describe("Name of the runbook and of its file."),
  title: z.string().min(1).describe("What people see."),
  alerts: z.array(z.string()).default([]).describe("Alerts that this runbook answers."),
  /** The four questions of whoever was just woken up. */
  meaning: z.string().min(1).describe("What the alert means."),
  impact: z.string().min(1).describe("What it does to users."),
  verify: z.string().min(1).describe("How to see that it is so, and that it is over."),
  escalate: z.string().min(1).describe("Whom to call, and when."),
  departs: z.string().optional().describe("Where this runbook departs from the usual advice, and why."),
  inputs: z.record(Name, Input).describe("What a run is started with."),
  steps: z.array(Step).min(1).max(100).describe("What is done, in order."),
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
