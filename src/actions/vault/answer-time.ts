import { z } from "zod";
import { defineCheck } from "../action.ts";
import { ANSWER_TIME_POLICY, timeAnswers, type AnswerOutcome, type TimedNode } from "../time-answers.ts";

/** A healthy node answers in milliseconds; what waits this long waits for a disk, a socket or a lock. */
const SLOW_MS = 1000;

const Outcome = z.enum(["answered", "refused", "hung", "failed", "sealed", "silent"]);

/**
 * Times `sys/health` and a small read with the token on every node. Health is not audited and the read is: health that answers beside a read
 * that hangs or fails is how a broken audit device looks. OpenBao's standbys answer such reads themselves, with audit files of their own.
 */
export const answerTime = defineCheck({
  name: "vault.answer-time",
  summary: "Time sys/health and a small audited read on every node",
  input: z.strictObject({
    /** How many reads, one after the other; the slowest counts. */
    reads: z.int().min(1).max(3).default(1),
  }),
  output: z.object({
    /** The node that calls itself active, whose answer the next five are about; empty when none does. */
    node: z.string(),
    /** `answered`, `refused`, `hung` (no answer in 2 s), `failed` (an error of the server), `sealed`, `silent`. */
    outcome: Outcome,
    health_ms: z.number(),
    /** The slowest read. */
    answer_ms: z.number(),
    /** Every read was answered, each in less than a second. */
    fast: z.boolean(),
    /** Its health answers, and its read hung, failed, or took a second. */
    suspected: z.boolean(),
    /** Names of the nodes that answered or refused, in time or not; that hung; and that failed. */
    answered: z.array(z.string()),
    hung: z.array(z.string()),
    failed: z.array(z.string()),
    nodes: z.array(
      z.object({
        node: z.string(),
        active: z.boolean(),
        health_ms: z.number(),
        outcome: Outcome,
        answer_ms: z.number(),
      }),
    ),
  }),
  policy: ANSWER_TIME_POLICY,
  read: async (context, { reads }) => {
    const nodes = await Promise.all(context.cluster.nodes.map(async (node) => await timeAnswers(context, node, reads)));
    const active = nodes.find((each) => each.active) ?? NOBODY;
    const named = (...outcomes: readonly AnswerOutcome[]): string[] =>
      nodes.filter(({ outcome }) => outcomes.includes(outcome)).map(({ node }) => node);
    const { node, outcome, health_ms, answer_ms } = active;
    return {
      node,
      outcome,
      health_ms,
      answer_ms,
      fast: outcome === "answered" && answer_ms < SLOW_MS,
      suspected: outcome === "hung" || outcome === "failed" || (outcome === "answered" && answer_ms >= SLOW_MS),
      answered: named("answered", "refused"),
      hung: named("hung"),
      failed: named("failed"),
      nodes,
    };
  },
});

const NOBODY: TimedNode = { node: "", active: false, health_ms: 0, outcome: "silent", answer_ms: 0 };
