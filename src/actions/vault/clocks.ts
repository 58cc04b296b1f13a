import { z } from "zod";
import { defineCheck } from "../action.ts";
import { readNodeState } from "../node-state.ts";

const Names = z.array(z.string());

/** Nodes tell whole seconds: half of one is what is left out on average. */
const HALF_A_SECOND_MS = 500;

/** Whoever is further from the others than this has a clock that nobody sets. */
const ODD_SECONDS = 5;

/** The certificates that nodes make for each other begin 30 s before their making: whoever is further behind refuses them. */
const REFUSED_SECONDS = 30;

/** Of two in the middle the one that is nearer to our clock. */
function middleOf(sorted: readonly number[]): number {
  const half = (sorted.length - 1) / 2;
  const [left = 0, right = 0] = [sorted[Math.floor(half)], sorted[Math.ceil(half)]];
  return Math.abs(left) <= Math.abs(right) ? left : right;
}

/** Compares the clocks of the nodes with each other and with ours, to a second. Works without a token, on sealed nodes too. */
export const clocks = defineCheck({
  name: "vault.clocks",
  summary: "Compare the clocks of all nodes",
  input: z.strictObject({}),
  output: z.object({
    /** Of each node that answers: by how many seconds its clock is ahead of ours; behind is below zero. */
    nodes: z.array(z.object({ name: z.string(), ahead_seconds: z.int() })),
    /** From the clock that is furthest behind to that which is furthest ahead. */
    spread_seconds: z.int(),
    /** Nodes that are 5 s or more from the middle one. */
    odd_names: Names,
    /** The spread is 30 s or more: then nodes refuse each other's new certificates on the cluster port. */
    refused: z.boolean(),
    /** The middle node is 5 s or more from our own clock. */
    ours_odd: z.boolean(),
  }),
  policy: [],
  read: async (context) => {
    const read = await Promise.all(
      context.cluster.nodes.map(async (node) => {
        const askedAt = context.clock.now();
        const { health } = await readNodeState(context, node);
        const middle = (askedAt + context.clock.now()) / 2;
        return {
          name: node.name,
          aheadMs: (health?.serverTimeSeconds ?? Number.NaN) * 1000 + HALF_A_SECOND_MS - middle,
        };
      }),
    );
    const nodes = read
      .filter(({ aheadMs }) => !Number.isNaN(aheadMs))
      .map(({ name, aheadMs }) => ({ name, ahead_seconds: Math.trunc(aheadMs / 1000) }));
    const sorted = nodes.map(({ ahead_seconds: ahead }) => ahead).toSorted((left, right) => left - right);
    const middle = middleOf(sorted);
    const spread = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
    return {
      nodes,
      spread_seconds: spread,
      odd_names: nodes
        .filter(({ ahead_seconds: ahead }) => Math.abs(ahead - middle) >= ODD_SECONDS)
        .map(({ name }) => name),
      refused: spread >= REFUSED_SECONDS,
      ours_odd: Math.abs(middle) >= ODD_SECONDS,
    };
  },
});
