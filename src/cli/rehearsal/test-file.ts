import { z } from "zod";
import { Role } from "../../access/person.ts";
import { REFUSALS } from "../../engine/decision.ts";
import { DANGERS } from "../../lib/danger.ts";
import { FAILURE_REASONS } from "../../lib/failure.ts";
import { REVOCATION_LIST_NAME } from "../../lib/revocation-list.ts";
import { Duration } from "../../runbook/schema.ts";
import { Change } from "./change.ts";

const Words = z.string().min(1);
const StepPath = z
  .string()
  .regex(
    /^[$a-z][a-z0-9_]*(?:\[\d+\])?(?:[.][a-z][a-z0-9_]*(?:\[\d+\])?)*$/u,
    "a step like remove or rolling[0].restart",
  );

/** A run that was before the test, as `run.latest` finds it. */
const EarlierRun = z.strictObject({
  runbook: Words.describe("Id of its runbook."),
  age: Duration.describe("How long before the test it began, and made its calls."),
  outcome: z.enum(["open", "resolved", "stopped", "failed", "aborted"]).describe("How it ended, or `open`."),
  called: z.array(Words).optional().describe("Actions that it called; default: none."),
  by: Words.default("bob").describe("Who started it; default: bob."),
});

/** A list of tokens to revoke, whose tokens the simulated cluster has. */
const RevocationListSetting = z.strictObject({
  name: z.string().regex(REVOCATION_LIST_NAME, "the name of a list").describe("What steps call it."),
  tokens: z.int().min(0).max(200).default(1).describe("How many living tokens it lists."),
  ended: z.int().min(0).max(200).default(0).describe("How many it lists besides that ended since it was made."),
  unresolved: z.int().min(0).default(0).describe("Accessors for which no living token was found."),
  age: Duration.optional().describe("How long ago it was made; default: at once."),
});

/** What the simulated cluster is like when a test begins; what is not said is as `cluster-defaults.ts` has it. */
export const ClusterSetting = z.strictObject({
  name: Words.optional().describe("Its name: what inputs and phrases say; default: prod."),
  product: z
    .enum(["openbao", "vault"])
    .optional()
    .describe("Whose answers are imitated where the two differ; default: openbao."),
  nodes: z
    .union([z.int().min(1).max(9), z.array(Words).min(1).max(9)], "a number of nodes, or a list of their names")
    .optional()
    .describe("How many nodes (vault-0, vault-1 …), or their names; default: 3."),
  version: Words.optional().describe("Version of all nodes; default: 2.7.2, of `vault` 1.21.2."),
  seal: Words.optional().describe(
    "Type of the seal; all but `shamir`, the default, unseal by themselves while the KMS works.",
  ),
  sealSays: Words.optional().describe(
    "Type that the nodes name instead, as old servers name that of their recovery keys.",
  ),
  shares: z.int().min(1).max(10).optional().describe("Key shares there are; default: 5."),
  threshold: z.int().min(1).max(10).optional().describe("Key shares that unseal; default: 3."),
  electionTakes: Duration.optional().describe("How long nobody leads after a leader was lost; default: no time."),
  votesAfter: Duration.optional().describe("How long a node that joins is no voter; default: no time."),
  unmatched: z
    .array(Words)
    .optional()
    .describe("Nodes that no member of raft can be matched to: raft has another id and another address."),
  renamed: z
    .array(Words)
    .optional()
    .describe("Nodes whose id in raft the configuration does not know: they are found by their address."),
  leases: z.array(Words).optional().describe("Leases that there are, by their ids; default: none."),
  snapshots: z
    .array(Words)
    .optional()
    .describe("A place for snapshots, with these whole ones in it; without it none is configured."),
  backup: Duration.optional().describe("How old the newest backup is; without it none is known."),
  runs: z
    .array(EarlierRun)
    .optional()
    .describe("Runs of other runbooks on it that were before, newest first; default: none."),

  lists: z
    .array(RevocationListSetting)
    .optional()
    .describe("Lists of tokens to revoke that an investigation made; default: none."),
  prometheus: z
    .array(
      z.strictObject({
        query: Words.describe("Part of the query; the first that fits answers."),
        values: z
          .union([z.array(z.number()).min(1), z.literal("fails")], "a list of numbers, or `fails`")
          .describe("From the oldest to the newest, spread over what is asked for; or the question fails."),
      }),
    )
    .optional()
    .describe("What Prometheus answers; nothing to other queries. Without it none is configured."),
  faults: z
    .array(Change)
    .optional()
    .describe("What is wrong when the run begins, in order; since a minute, so that all know of it."),
});

/** A change of the world in the middle of a run. */
const ChangeAt = z.strictObject({
  when: StepPath.or(z.literal("start")).describe("The step, or `start`."),
  is: z
    .enum(["begun", "gate", "agreed", "called", "answered", "ended"])
    .default("begun")
    .describe(
      "What of the step: it begins, its gate opens, people agreed, its call leaves, it reached a node, the step ended.",
    ),
  after: Duration.optional().describe("So long after that; default: at once."),
  do: z.array(Change).min(1).describe("What changes, in order."),
});

/** What somebody does at a step; exactly one thing. */
const DEEDS = {
  approve: z
    .union([z.literal(true), Words], "true, or the phrase that is typed")
    .optional()
    .describe("Says yes to the gate; text is the phrase that is typed."),
  reject: Words.optional().describe("Says no to the gate, and why."),
  expire: z.literal(true).optional().describe("Nobody comes: the gate expires."),
  breakGlass: Words.optional().describe("Goes past the gate alone, and why; the phrase is typed rightly."),
  confirm: z.literal(true).optional().describe("Says that the manual work is done."),
  answer: z
    .union([Words, z.number(), z.boolean()], "text, a number, true or false")
    .optional()
    .describe("Answers what is asked."),
  retry: z
    .union([z.literal(true), Words], "true, or the reason")
    .optional()
    .describe("Has the step begun again."),
  reopen: z.literal(true).optional().describe("Says that the call is needed although the alert is resolved."),
  skip: Words.optional().describe("Leaves the step out, and why."),
  markDone: Words.optional().describe("Says that a call of unknown outcome took effect, and how they know."),
  abort: Words.optional().describe("Ends the run, and why."),
  note: Words.optional().describe("Writes into the timeline."),
  assign: Words.optional().describe("Puts a person in charge."),
  breakLock: Words.optional().describe("Takes the cluster's lock away, and why."),
  alert: z
    .enum(["firing", "resolved"])
    .optional()
    .describe("Alertmanager says this of the alert that the run began with."),
};

/** Name of what somebody does. */
export type Deed = keyof typeof DEEDS;
export const DEED_NAMES = Object.keys(DEEDS) as readonly Deed[];

/** What somebody does when the run waits at a step. */
const Scene = z
  .strictObject({
    at: StepPath.describe("The step that the run stands at."),
    by: z
      .union([Words, z.array(Words).min(1)], "a person, or a list of people")
      .default("starter")
      .describe("Who; of several each does it, in order."),
    after: Duration.optional().describe(
      "So long after the run came here, standing still or not; default: when it stands still.",
    ),
    ...DEEDS,
    refused: z
      .enum(REFUSALS)
      .optional()
      .describe("They are told no, for this reason, and the run stands where it stood."),
  })
  .refine((scene) => deedsOf(scene).length === 1, {
    error: `exactly one of ${DEED_NAMES.join(", ")} is wanted`,
  });

const GateSeen = z.strictObject({
  step: StepPath.describe("The step that it was opened for."),
  danger: z.enum(DANGERS).optional(),
  approvals: z.int().optional().describe("How many people were needed."),
  outcome: z.enum(["agreed", "broken", "rejected", "expired", "voided"]),
});

const Failed = z.strictObject({ step: StepPath, reason: z.enum(FAILURE_REASONS) });

/** What the simulated cluster must be at the end, read from it. */
const ClusterEnd = z.strictObject({
  leader: Words.optional().describe("Name of the node that leads, or `none`."),
  members: z.array(Words).optional().describe("Names of raft's members, in any order."),
  sealed: z.array(Words).optional().describe("Names of the sealed nodes, in any order."),
});

const Expectation = z.strictObject({
  path: z.array(StepPath).describe("The steps that began, in order; those that were not needed are left out."),
  outcome: z.enum(["resolved", "stopped", "failed", "aborted", "planned"]).describe("How the run ended."),
  calls: z.array(Words).default([]).describe("Calls that reached the cluster, in order: `vault.step-down on vault-0`."),
  gates: z.array(GateSeen).default([]).describe("Gates that were opened, in order."),
  failures: z.array(Failed).default([]).describe("Steps that failed, in order, as often as they did."),
  says: z.array(Words).default([]).describe("Text that people saw; runs of white space count as one space."),
  saysNot: z.array(Words).default([]).describe("Text that nobody saw."),
  commands: z.array(Words).optional().describe("Commands that were shown, in order, as far as this list goes."),
  cluster: ClusterEnd.optional(),
});

const Person = z.strictObject({ role: Role, groups: z.array(Words).default([]) });

const Inputs = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

const Rehearsal = z.strictObject({
  name: Words.describe("A sentence about what happens."),
  cluster: ClusterSetting.prefault({}).describe("What differs from the file's `cluster`."),
  inputs: Inputs.default({}).describe("What differs from the file's `inputs`."),
  by: Words.default("starter").describe("Who starts the run."),
  alert: z.boolean().default(false).describe("The run is started from a firing alert."),
  dryRun: z.boolean().default(false).describe("Reads and plans only."),
  breakGlass: Role.optional().describe("The role that may go past gates alone; default: nobody may."),
  changes: z.array(ChangeAt).default([]).describe("How the world changes while the run goes on."),
  people: z.array(Scene).default([]).describe("Who does what, in this order."),
  expect: Expectation,
});

/** RunbookTestFile is one `<runbook>.test.yaml` beside `<runbook>.yaml`: what must come out when the runbook meets a cluster and people. */
export const RunbookTestFile = z.strictObject({
  runbook: Words.describe("Id of the runbook; the file is called after it."),
  cluster: ClusterSetting.prefault({}).describe("The cluster of every test."),
  inputs: Inputs.default({}).describe("The inputs of every test."),
  people: z
    .record(z.string().regex(/^[a-z][a-z0-9_-]*$/u, "a lower-case name"), Person)
    .default({})
    .describe("People besides starter (responder), approver and second (approvers), admin and viewer."),
  tests: z.array(Rehearsal).min(1),
});

export type ClusterSetting = z.infer<typeof ClusterSetting>;
export type Scene = z.infer<typeof Scene>;
export type ChangeAt = z.infer<typeof ChangeAt>;
export type Rehearsal = z.infer<typeof Rehearsal>;
export type Expectation = z.infer<typeof Expectation>;
export type RunbookTestFile = z.infer<typeof RunbookTestFile>;

/** Lists what a scene has somebody do. */
export function deedsOf(scene: Readonly<Partial<Record<Deed, unknown>>>): readonly Deed[] {
  return DEED_NAMES.filter((name) => scene[name] !== undefined);
}

/** Gives the JSON Schema of a test file (draft 2020-12), for editors. */
export function runbookTestJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(RunbookTestFile, { io: "input" });
  return { $schema, title: "sealwatch runbook test", ...schema };
}
