import { z } from "zod";
import { SLOWNESSES } from "../../sandbox/vault/system-state.ts";

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
  startOver: Nodes.optional().describe("Somebody resets the unseal: the key shares entered so far count no more."),
  empty: Nodes.optional().describe("It starts with an empty data directory."),
  expel: Nodes.optional().describe("Somebody else removes it from raft."),
  isolate: Nodes.optional().describe("Cut off from us alone: raft goes on with it, our connections are refused."),
  reconnect: Nodes.optional().describe("Not cut off any more."),
  migrate: Nodes.optional().describe("Sealed, with a seal migration under way until it is unsealed."),
  sever: Nodes.optional().describe("Cut off from the other nodes: raft goes on without it, its API answers us."),
  mend: Nodes.optional().describe("Not cut off from the others any more."),
  lead: Nodes.optional().describe("There is another election, and it wins; also when it led before."),
  clockBehind: Nodes.optional().describe("Its clock is 40 s behind."),
  diskFull: Nodes.optional().describe("Its disk is full."),
  cpuBusy: Nodes.optional().describe("Its processors have no time to spare."),
  ease: Nodes.optional().describe("Its clock, disk and processors are as they should be again."),
  join: Nodes.optional().describe("An empty node joins the cluster: sealed, unless a KMS unseals it."),
  recover: Nodes.optional().describe("Restarted with a peers.json that names these nodes alone."),
  lag: Nodes.optional().describe("It falls a thousand entries behind, and stays there."),
  catchUp: Nodes.optional().describe("It has caught up."),
  initialize: Nodes.optional().describe("An empty node is initialised: a cluster of its own, under another identity."),
  restore: Nodes.optional().describe("A snapshot of this cluster is restored into it: sealed, and known again."),
  restoreOther: Nodes.optional().describe("The same with a snapshot of another cluster."),
};

/** Change is one thing that happens to the simulated cluster, apart from what the run does. */
export const Change = z
  .strictObject({
    ...ON_NODES,
    upgrade: z
      .record(z.string().min(1), z.string().min(1))
      .optional()
      .describe("The processes end and start with these versions, by node: sealed, unless a KMS unseals them."),
    ceremony: z
      .enum(["root token", "key shares", "none"])
      .optional()
      .describe("What key holders are in the middle of making."),
    kms: z.enum(["up", "down"]).optional().describe("The key service, and with it auto-unseal."),
    audit: z
      .enum(["works", "slow", "blocks", "fails"])
      .optional()
      .describe(
        "The audit devices of the node that leads: what is audited takes 1.5 s, hangs, or is answered with 500; on OpenBao its standbys answer from their own.",
      ),
    leases: z.array(z.string().min(1)).optional().describe("Leases that there are from now on, by their ids."),
    irrevocable: z.int().min(0).optional().describe("So many leases could not be revoked, and never will be."),
    lock: z.enum(["taken", "free"]).optional().describe("Another run takes the cluster for itself, or gives it back."),
    unmount: z
      .string()
      .min(1)
      .optional()
      .describe("Somebody disables the auth method of this path, for instance userpass."),
    deny: z
      .enum(["reading", "actions"])
      .optional()
      .describe("The token for reading, or that for actions, loses all that it was permitted."),
    slow: z
      .enum(SLOWNESSES)
      .optional()
      .describe("What makes requests slow from now on, as vault.latency measures it; none: nothing any more."),
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
