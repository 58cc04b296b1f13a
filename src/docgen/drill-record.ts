import { z } from "zod";

const Words = z.string().min(1);

/** DrillRecord is what came out when a runbook was carried out on a real cluster with a real fault: one file in `docs/drills/`. */
export const DrillRecord = z.strictObject({
  /** Id of the runbook. */
  runbook: Words,
  /** SHA-256 of the text that was carried out, and of the texts that it includes. */
  digest: z.string().regex(/^[0-9a-f]{64}$/u),
  /** What was done to the cluster. */
  fault: Words,
  /** What the cluster was, for instance "3 nodes, Shamir 2 of 3". */
  cluster: Words,
  /** Product and version of the server. */
  server: Words,
  /** How it began, for instance "alert VaultNodeSealed" or "/vault runbook …". */
  begun: Words,
  /** The steps that began, in order, each once; those inside a loop without their round. */
  path: z.array(Words),
  /** The calls that were made, in order. */
  calls: z.array(Words),
  outcome: z.enum(["resolved", "stopped", "failed", "aborted"]),
  /** From the first event to the last. */
  seconds: z.int().min(0),
  /** What was read from the cluster itself at the end. */
  verified: Words,
});
export type DrillRecord = z.infer<typeof DrillRecord>;
