import { z } from "zod";
import type { Declarations } from "../../src/runbook/declarations.ts";

const node = z.strictObject({ node: z.string() });

/** A few checks and actions, enough for every rule of the language. */
export const declarations: Declarations = {
  checks: new Map([
    [
      "vault.seal-status",
      {
        input: node,
        output: z.object({
          sealed: z.boolean(),
          type: z.enum(["shamir", "awskms"]),
          progress: z.int(),
          threshold: z.int(),
          address: z.string(),
          migration: z.boolean().optional(),
        }),
      },
    ],
    [
      "vault.raft-peers",
      {
        input: z.strictObject({}),
        output: z.object({
          peers: z.array(z.object({ id: z.string(), voter: z.boolean() })),
          lag: z.number().nullable(),
        }),
      },
    ],
  ]),
  actions: new Map([
    [
      "kubernetes.restart-pod",
      {
        input: z.strictObject({
          node: z.string(),
          grace: z.int().min(0).default(30),
          force: z.boolean().optional(),
          mode: z.enum(["soft", "hard"]).optional(),
        }),
        output: z.object({ pod: z.string() }),
        danger: "disruptive",
      },
    ],
    ["vault.remove-peer", { input: node, output: z.object({}), danger: "destructive" }],
  ]),
};
