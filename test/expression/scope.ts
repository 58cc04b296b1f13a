import { z } from "zod";
import type { Scope } from "../../src/expression/types.ts";
import { zodObjectType } from "../../src/expression/zod-types.ts";

const seal = z.object({ type: z.enum(["shamir", "awskms"]) });

/** What a check of the tests gives. */
export const resultSchema = z.object({
  sealed: z.boolean(),
  type: z.string().nullable(),
  progress: z.int(),
  lag: z.number(),
  peers: z.array(z.object({ id: z.string(), voter: z.boolean().optional() })),
  names: z.array(z.string()),
  byMount: z.record(z.string(), z.int()),
  extra: z.unknown(),
});

/** A scope with every form of type. */
export const scope: Scope = {
  inputs: { object: { node: "string" } },
  steps: { object: { seal: zodObjectType(seal) } },
  result: zodObjectType(resultSchema),
};

/** Values of that scope. */
export const values = {
  inputs: { node: "vault-2" },
  steps: { seal: { type: "shamir" } },
  result: {
    sealed: true,
    type: null,
    progress: 2,
    lag: 1.5,
    peers: [{ id: "a", voter: true }, { id: "b" }],
    names: ["a", "b"],
    byMount: { "kv/": 4, constructor: 1 },
    extra: { deep: [1, 2.5, null, "x"] },
  },
};
