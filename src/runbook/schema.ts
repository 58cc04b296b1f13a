import { z } from "zod";
import { parseDuration } from "../lib/duration.ts";

const Id = z.string().regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/u, "a lower-case name with dashes, like lost-peer");
/** Step ids and input names are read by expressions (`steps.seal.type`), so they are identifiers. */
const Name = z
  .string()
  .max(63)
  .regex(/^[a-z][a-z0-9_]*$/u, "a lower-case name with underscores, like raft_peers");
const ActionName = z.string().regex(/^[a-z]+[.][a-z]+(?:-[a-z]+)*$/u, "a name like vault.seal-status");
const Expression = z.string().min(1);
/** Text in which `${…}` holds expressions. */
const Template = z.string().min(1);

/** For editors, which see the text and not what is made of it. */
const DurationText = z
  .string("a time with its unit, like 30s, 5m or 1h30m")
  .meta({ pattern: "^(?:\\d+(?:ms|s|m|h|d))+$", examples: ["30s", "5m", "1h30m"] });

/** Duration is text like `90s` or `1h30m`; parsed, it is milliseconds. */
export const Duration = DurationText.transform((text, context) => {
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

const about = {
  description: z.string().optional().describe("What people read beside the field."),
};

const filled = { ...about, label: z.string().optional().describe("Alert label that fills it.") };

/** What a value may be, whoever gives it: an alert, a person who starts a run, or one who answers a step. */
const StringValue = z.strictObject({
  type: z.literal("string"),
  pattern: z.string().optional().describe("Regular expression that the whole text must match."),
  default: z.string().optional().describe("Taken when nothing is given."),
});
const EnumValue = z.strictObject({
  type: z.literal("enum"),
  options: z.array(z.string().min(1)).min(1).max(50).describe("What may be chosen."),
  default: z.string().optional().describe("Taken when nothing is given; one of the options."),
});
const IntValue = z.strictObject({
  type: z.literal("int"),
  min: z.int().optional().describe("Smallest number."),
  max: z.int().optional().describe("Largest number."),
  default: z.int().optional().describe("Taken when nothing is given."),
});
const DurationValue = z.strictObject({
  type: z.literal("duration"),
  min: Duration.optional().describe("Shortest time."),
  max: Duration.optional().describe("Longest time."),
  default: Duration.optional().describe("Taken when nothing is given. Expressions read whole seconds."),
});
const BoolValue = z.strictObject({
  type: z.literal("bool"),
  default: z.boolean().optional().describe("Taken when nothing is given."),
});
const NodeValue = z.strictObject({
  type: z.literal("node"),
  default: z.string().optional().describe("Taken when nothing is given."),
});
const ClusterValue = z.strictObject({
  type: z.literal("cluster"),
  default: z.string().optional().describe("Taken when nothing is given."),
});

/** Input is what a run is started with; `label` names the alert label that fills it. Secrets are no input: they never pass through sealwatch. */
export const Input = z.discriminatedUnion("type", [
  ClusterValue.extend(filled),
  NodeValue.extend(filled),
  StringValue.extend(filled),
  EnumValue.extend(filled),
  IntValue.extend(filled),
  DurationValue.extend(filled),
  BoolValue.extend(filled),
]);

/** Answer is what a person may answer to an `ask` step. */
export const Answer = z.discriminatedUnion("type", [
  NodeValue,
  StringValue,
  EnumValue,
  IntValue,
  DurationValue,
  BoolValue,
]);

/** Gate may only ask for more than the action's danger demands; lint refuses less. */
export const Gate = z.strictObject({
  approvals: z.int().min(1).max(5).optional().describe("Different people who must approve."),
  expires: atLeast(60_000, "1m").optional().describe("How long the gate stays open."),
  votesExpire: atLeast(60_000, "1m").optional().describe("How long one yes counts while others are awaited."),
  groups: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Groups of the configuration; every approver must be in one of them."),
});

const With = z
  .record(z.string(), z.union([Template, z.number(), z.boolean()]))
  .refine((values) => Object.keys(values).length <= 40, "at most 40 values")
  .default({})
  .describe("What is given to it, by name.");

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
  otherwise: Otherwise.optional().describe("What happens when the expectation does not hold."),
});

/** WaitStep polls a check until the expression is true or the time is over. */
export const WaitStep = z.strictObject({
  ...common,
  wait: ActionName.describe("The check to read again and again."),
  with: With,
  until: Expression.describe("What must become true of `result`."),
  progress: Template.optional().describe("The result in a sentence, shown while waiting; default: every output."),
  every: Interval.prefault("5s").describe("How often it is read."),
  timeout: Interval.prefault("10m").describe("After this the step has failed."),
});

/** DoStep carries out an action behind its gate. */
export const DoStep = z.strictObject({
  ...common,
  do: ActionName.describe("The action to carry out."),
  with: With,
  gate: Gate.optional().describe("What is demanded beyond what the danger of the action demands."),
});

/** ManualWatch looks for the effect of a human's work. */
export const ManualWatch = z.strictObject({
  check: ActionName.describe("The check to read again and again."),
  with: With,
  until: Expression.describe("What must become true of `result`."),
  /** For instance "`${result.progress}` of `${result.threshold}` key shares". */
  progress: Template.optional().describe("The result in a sentence, shown while waiting."),
  every: Interval.prefault("5s").describe("How often it is read."),
});

/** ManualStep gives work to a human; with `watch` it ends by itself when the effect is seen. */
export const ManualStep = z.strictObject({
  ...common,
  manual: Template.describe("What a human is to do."),
  commands: z.array(Template).max(20).default([]).describe("Commands to copy; values are quoted for the shell."),
  watch: ManualWatch.optional().describe("A check that sees when the work is done."),
});

/** AskStep asks a human; later steps read `steps.<id>.answer`. */
export const AskStep = z.strictObject({
  ...common,
  ask: Template.describe("What a human is asked."),
  answer: Answer.describe("What may be answered."),
});

/** SayStep tells people something. */
export const SayStep = z.strictObject({
  ...common,
  say: Template.describe("What people are told."),
  loud: z
    .boolean()
    .optional()
    .describe("The whole channel is told, and not the run's thread alone: for what nobody may miss."),
});

/** IncludeStep carries out the steps of another runbook of the same directory; later steps read `steps.<id>.result`. */
export const IncludeStep = z.strictObject({
  ...common,
  include: Id.describe("Id of the other runbook."),
  with: With.describe("Its inputs; one of type cluster is always this run's own."),
});

/** ForEachStep carries out its steps once for every item of a list, one item after the other. */
export const ForEachStep = z.strictObject({
  ...common,
  forEach: Expression.describe("The list."),
  as: Name.default("item").describe("What the steps call the item."),
  get steps(): z.ZodType<Step[], unknown> {
    return z.array(Step).min(1).max(50).describe("What is done for each item, in order.");
  },
});

/** Step is one of the kinds; the key names it (`check`, `wait`, `do`, `ask`, `manual`, `say`, `include`, `forEach`). */
export const Step = z.union([CheckStep, WaitStep, DoStep, AskStep, ManualStep, SayStep, IncludeStep, ForEachStep]);

/** CancelStep is what may still be done when people abort a run: look and tell. Nothing that needs an approval, and no waiting. */
export const CancelStep = z.union([CheckStep, SayStep]);

/** What a run may still do when people abort it, within a time. */
const OnCancel = z.strictObject({
  timeout: Interval.prefault("2m").describe("After this the run ends, whatever was seen; at most 2m."),
  steps: z
    .array(CancelStep)
    .min(1)
    .max(20)
    .describe("Checks and texts: in what state the cluster was left, and what people must undo."),
});

/** Runbook is one file: text for humans and steps for the machine. */
export const Runbook = z.strictObject({
  id: Id.describe("Name of the runbook and of its file."),
  title: z.string().min(1).describe("What people see."),
  alerts: z.array(z.string()).max(50).default([]).describe("Alerts that this runbook answers."),
  /** The four questions of whoever was just woken up. */
  meaning: z.string().min(1).describe("What the alert means."),
  impact: z.string().min(1).describe("What it does to users."),
  verify: z.string().min(1).describe("How to see that it is so, and that it is over."),
  escalate: z.string().min(1).describe("Whom to call, and when."),
  departs: z.string().optional().describe("Where this runbook departs from the usual advice, and why."),
  rollback: z.string().min(1).optional().describe("How to go back, or why there is no way back."),
  owner: z.string().min(1).optional().describe("Who keeps it true: a team or a channel."),
  reviewed: z.iso
    .date("a date like 2026-01-31")
    .optional()
    .describe("When somebody last read it against the real system."),
  drillEvery: atLeast(86_400_000, "1d")
    .optional()
    .describe("How often it is to be carried out as a drill, for instance 90d."),
  lock: z
    .enum(["exclusive", "none"])
    .optional()
    .describe(
      "Whether a run has the cluster to itself from its first action on; default: exclusive when an action is disruptive or destructive.",
    ),
  inputs: z
    .record(Name, Input)
    .refine((inputs) => Object.keys(inputs).length <= 40, "at most 40 inputs")
    .describe("What a run is started with."),
  steps: z.array(Step).min(1).max(100).describe("What is done, in order."),
  onCancel: OnCancel.optional().describe("What is still looked at and told when people abort a run."),
});

export type Input = z.infer<typeof Input>;
export type Answer = z.infer<typeof Answer>;
export type Gate = z.infer<typeof Gate>;
export type CheckStep = z.infer<typeof CheckStep>;
export type WaitStep = z.infer<typeof WaitStep>;
export type DoStep = z.infer<typeof DoStep>;
export type ManualStep = z.infer<typeof ManualStep>;
export type AskStep = z.infer<typeof AskStep>;
export type SayStep = z.infer<typeof SayStep>;
export type IncludeStep = z.infer<typeof IncludeStep>;
/** Written out, because it holds steps. */
export type ForEachStep = Pick<SayStep, keyof typeof common> & {
  readonly forEach: string;
  readonly as: string;
  readonly steps: readonly Step[];
};
export type Step = CheckStep | WaitStep | DoStep | AskStep | ManualStep | SayStep | IncludeStep | ForEachStep;
export type Runbook = z.infer<typeof Runbook>;

/** Names the kind of a step: the key by which it is told. */
export const STEP_KINDS = ["check", "wait", "do", "ask", "manual", "say", "include", "forEach"] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** Tells which kind a step is, by its key. */
export function stepKind(step: Step): StepKind {
  return STEP_KINDS.find((kind) => kind in step) ?? "say";
}
