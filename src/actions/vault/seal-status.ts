import { z } from "zod";
import { defineCheck } from "../action.ts";
import { nodeRead } from "../node-read.ts";

/** Reads a node's seal: whether it is sealed, by what, and how far an unseal has come. */
export const sealStatus = defineCheck({
  name: "vault.seal-status",
  summary: "Read a node's seal",
  input: z.strictObject({ node: z.string() }),
  output: z.object({
    /** The node's own API address, for commands that people type. */
    address: z.string(),
    sealed: z.boolean(),
    initialized: z.boolean(),
    type: z.string(),
    /** The node unseals itself: its shares are recovery keys, which unseal nothing. Judge by this and not by `type`. */
    auto_unseal: z.boolean(),
    threshold: z.int(),
    shares: z.int(),
    progress: z.int(),
    /** Changes when somebody starts the unseal anew; empty before the first share. */
    nonce: z.string(),
    /** The nonce's first characters, by which people see that it changed: the shares given before count no more. */
    attempt: z.string(),
    recovery_seal: z.boolean(),
    migration: z.boolean(),
    version: z.string(),
  }),
  policy: [],
  read: async (context, { node: name }) => {
    const node = context.cluster.node(name);
    const status = await node.sealStatus(nodeRead(context));
    return {
      address: node.address,
      sealed: status.sealed,
      initialized: status.initialized,
      type: status.type,
      // Before OpenBao 2.4, and in Vault of that age, `type` of an auto-unsealed node is that of its recovery seal: "shamir".
      auto_unseal: status.recoverySeal || status.type !== "shamir",
      threshold: status.threshold,
      shares: status.shares,
      progress: status.progress,
      nonce: status.nonce,
      attempt: status.nonce.slice(0, 8),
      recovery_seal: status.recoverySeal,
      migration: status.migration,
      version: status.version,
    };
  },
});
