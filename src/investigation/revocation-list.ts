import { z } from "zod";
import { REVOCATION_LIST_NAME } from "../lib/revocation-list.ts";

/** Name and version of the form of a revocation list. */
export const REVOCATION_LIST_FORMAT = "sealwatch-revocations/1";

/** So many tokens a file may list; an action takes fewer. */
export const MOST_ITEMS = 1000;

const Counts = z.record(z.string(), z.int().min(1));
const Time = z.iso.datetime();
const Hash = z.string().regex(/^sha256:[0-9a-f]{64}$/u, "a hash like sha256:0123…");

/** What was found of one actor in the audit log; counts and names, and never a value. */
const Actor = {
  displayName: z.string(),
  entityId: z.string(),
  first: Time,
  last: Time,
  /** Requests of the time window that were found, refused ones included. */
  requests: z.int().min(0),
  /** How many of them were refused or failed. */
  errors: z.int().min(0),
  /** Requests by mount (`secret/`) and by operation (`read`). */
  mounts: Counts,
  operations: Counts,
};

/** An accessor, and never a token: what a call is made with. */
const Accessor = z
  .string()
  .regex(/^(?!(?:hv[sbr]|[sbr])[.])[\w.-]{1,100}$/u, "the accessor of a token (never the token itself)");

/** A living token that is to be revoked. People know it by its number. */
const Item = z.strictObject({ id: z.int().min(1), accessor: Accessor, ...Actor });

/** What was read: without it nobody can judge what a list stands on. */
const Source = z.strictObject({
  /** The files, with the size and the SHA-256 of what was read, as it was shipped. */
  files: z.array(z.strictObject({ name: z.string().min(1), bytes: z.int().min(0), sha256: Hash })).min(1),
  /** The time window that was asked for; null: open. */
  from: Time.nullable(),
  to: Time.nullable(),
  /** The audit device whose hashes were compared; empty when its log has plain accessors. */
  device: z.string(),
});

/** RevocationList is one file of tokens that an investigation found: `<directory>/<cluster>/<name>.json`. */
export const RevocationList = z
  .strictObject({
    format: z.literal(REVOCATION_LIST_FORMAT),
    cluster: z.string().min(1),
    name: z.string().regex(REVOCATION_LIST_NAME, "a lower-case name"),
    madeAt: Time,
    source: Source,
    items: z.array(Item).max(MOST_ITEMS),
    /** Actors for whose accessor no living token was found: they ended, or are of another namespace. */
    unresolved: z.array(z.strictObject(Actor)).max(MOST_ITEMS),
  })
  .refine(({ items }) => new Set(items.map(({ id }) => id)).size === items.length, "every item has its own number")
  .refine(({ items }) => new Set(items.map(({ accessor }) => accessor)).size === items.length, "no accessor twice");
export type RevocationList = z.infer<typeof RevocationList>;
