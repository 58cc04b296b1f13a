import { z } from "zod";
import type { SysHealth } from "../../vault/endpoints/sys-health.ts";
import { defineCheck } from "../action.ts";
import { readNodeState } from "../node-state.ts";

const NO_ANSWER = { status_code: 0, initialized: false, sealed: false, standby: false, removed: false, version: "" };

/** Reads what a node says of itself; one that does not answer is a result and no failure. */
export const health = defineCheck({
  name: "vault.health",
  summary: "Read what a node says of itself",
  input: z.strictObject({ node: z.string() }),
  output: z.object({
    reachable: z.boolean(),
    /** Reachable, initialised, a member, and not sealed. While `reachable` is false, `sealed: false` means nothing. */
    unsealed: z.boolean(),
    /** 0 when it did not answer. */
    status_code: z.int(),
    initialized: z.boolean(),
    sealed: z.boolean(),
    standby: z.boolean(),
    /** Raft removed it (Vault 1.19 and newer say so; OpenBao does not). */
    removed: z.boolean(),
    version: z.string(),
  }),
  policy: [],
  read: async (context, { node: name }) => {
    const { state, health, failure } = await readNodeState(context, context.cluster.node(name));
    if (state === "unknown" && failure !== undefined) throw failure;
    return { reachable: health !== undefined, unsealed: state === "unsealed", ...describe(health) };
  },
});

function describe(health: SysHealth | undefined) {
  if (health === undefined) return NO_ANSWER;
  return {
    status_code: health.statusCode,
    initialized: health.initialized,
    sealed: health.sealed,
    standby: health.standby,
    removed: health.removedFromCluster ?? false,
    version: health.version,
  };
}
