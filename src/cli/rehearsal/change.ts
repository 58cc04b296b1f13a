import { z } from "zod";

const Nodes = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)], "a node, or a list of nodes")
  .transform((given) => (typeof given === "string" ? [given] : given));

/** What may be done to nodes, and what each does. */
const ON_NODES = {
  stop: Nodes.optional().describe("The process ends: connections are refused."),
  start: Nodes.optional().describe("The process starts: sealed, unless a KMS unseals it."),
  freeze: Nodes.optional().describe("The process hangs: connections are taken, nothing is answered."),
  thaw: Nodes.optional().describe("It goes on."),
  seal: Nodes.optional().describe("Sealed by hand."),
  unseal: Nodes.optional().describe("As many right key shares are entered as it takes."),
  share: Nodes.optional().describe("One right key share is entered."),
  empty: Nodes.optional().describe("It starts with an empty data directory."),
  expel: Nodes.optional().describe("Somebody else removes it from raft."),
  isolate: Nodes.optional().describe("Cut off from us alone: raft goes on with it, our connections are refused."),
  reconnect: Nodes.optional().describe("Not cut off any more."),
  migrate: Nodes.optional().describe("Sealed, with a seal migration under way until it is unsealed."),
  lag: Nodes.optional().describe("It falls a thousand entries behind, and stays there."),
  catchUp: Nodes.optional().describe("It has caught up."),
};

/** Change is one thing that happens to the simulated cluster, apart from what the run does. */
export const Change = z
  .strictObject({
    ...ON_NODES,
    kms: z.enum(["up", "down"]).optional().describe("The key service, and with it auto-unseal."),
    lock: z.enum(["taken", "free"]).optional().describe("Another run takes the cluster for itself, or gives it back."),
    deny: z
      .enum(["reading", "actions"])
      .optional()
      .describe("The token for reading, or that for actions, loses all that it was permitted."),
    fail: z
      .strictObject({
        path: z.string().min(1).describe("Path below /v1/, for instance sys/step-down."),
        with: z
          .enum(["drop-before", "drop-after-effect", "500"])
          .describe("The connection breaks before or after the effect, or the answer is 500."),
      })
      .optional()
      .describe("The next request to a path fails, on whatever node."),
  })
  .refine((change) => Object.values(change).filter((value) => value !== undefined).length === 1, {
    error: "exactly one thing changes; write the next as an item of its own",
  });
export type Change = z.infer<typeof Change>;

/** Names of the changes that nodes are given to. */
export const NODE_CHANGES = Object.keys(ON_NODES) as readonly (keyof typeof ON_NODES)[];
