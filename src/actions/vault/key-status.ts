import { z } from "zod";
import { sysKeyStatus } from "../../vault/endpoints/sys-key-status.ts";
import { defineCheck } from "../action.ts";
import { nodeRead } from "../node-read.ts";

/** Reads the key that encrypts storage, from the active node: a standby counts only its own encryptions. */
export const keyStatus = defineCheck({
  name: "vault.key-status",
  summary: "Read the age of the key that encrypts storage",
  input: z.strictObject({}),
  output: z.object({
    /** Counts the keys: 1 is the first, each rotation adds one. */
    term: z.int(),
    /** Unix seconds; 0 when Vault does not say. */
    installed_seconds: z.int(),
    /** Since it was installed, by our clock; 0 when Vault does not say. */
    age_seconds: z.int(),
    /** Vault's estimate for this key; -1 when it does not say. */
    encryptions: z.int(),
  }),
  policy: [{ path: "sys/key-status", capabilities: ["read"] }],
  read: async (context) => {
    const active = await context.cluster.activeNode(nodeRead(context));
    const { term, installedAtSeconds, encryptions } = await active.read(sysKeyStatus, nodeRead(context));
    const age = installedAtSeconds === undefined ? 0 : context.clock.now() / 1000 - installedAtSeconds;
    return {
      term,
      installed_seconds: Math.floor(installedAtSeconds ?? 0),
      age_seconds: Math.max(0, Math.floor(age)),
      encryptions: encryptions ?? -1,
    };
  },
});
