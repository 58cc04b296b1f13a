import { z } from "zod";
import { defineCheck } from "../action.ts";
import { findRevocationList, ListInput } from "../investigations-service.ts";

const MOST_NAMES = 50;

/** Tells what a revocation list holds, without any accessor. Needs no Vault. */
export const list = defineCheck({
  name: "investigation.list",
  summary: "Tell what a list of tokens to revoke holds",
  input: ListInput,
  output: z.object({
    /** There is a list of this name for the cluster; the other values are 0 and empty when there is none. */
    found: z.boolean(),
    /** Living tokens that it lists, when it was made. */
    count: z.int(),
    /** SHA-256 of its file: `sha256:…`. What people approve is the list with this digest. */
    digest: z.string(),
    /** Number and display name of each token (`1: token-ci`), at most 50. */
    names: z.array(z.string()),
    /** Accessors of the audit log for which no living token was found. */
    unresolved: z.int(),
    /** Requests that the listed tokens made in the time window. */
    requests: z.int(),
    /** How long ago it was made. */
    made_seconds: z.int(),
  }),
  policy: [],
  read: async (context, { list: name }) => {
    const found = await findRevocationList(context, name);
    if (found === undefined) return NONE;
    const { items, digest, unresolved, madeAt } = found;
    return {
      found: true,
      count: items.length,
      digest,
      names: items.slice(0, MOST_NAMES).map(({ id, displayName }) => `${id}: ${displayName}`),
      unresolved,
      requests: items.reduce((sum, { requests }) => sum + requests, 0),
      made_seconds: Math.max(0, Math.floor((context.clock.now() - madeAt) / 1000)),
    };
  },
});

const NONE = { found: false, count: 0, digest: "", names: [], unresolved: 0, requests: 0, made_seconds: 0 };
