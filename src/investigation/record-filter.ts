import type { Timestamp } from "../lib/clock.ts";
import type { AuditRecord, NamedToken } from "./audit-record.ts";

/** RecordFilter says which records count. What is left out lets everything through; of several values one must fit. */
export type RecordFilter = {
  readonly from?: Timestamp | undefined;
  /** Records of this moment and later do not count. */
  readonly to?: Timestamp | undefined;
  readonly path?: string | undefined;
  readonly operations?: readonly string[] | undefined;
  readonly entities?: readonly string[] | undefined;
  readonly displayNames?: readonly string[] | undefined;
  /** Accessors as the log has them, or how they begin. */
  readonly accessors?: readonly string[] | undefined;
  readonly values?: LookedFor | undefined;
};

/** Values that are looked for anywhere in a record: plain, and as the device hashes them. */
export type LookedFor = { readonly plain: readonly string[]; readonly hashes: readonly string[] };

/**
 * Why a record counts: whoever asked is one of those that are looked for (`actor`), a token that was given away is (`issued`), or nobody in
 * particular is, or a value that is looked for stands in it elsewhere (`mention`): an admin who looks a leaked accessor up mentions it.
 */
export type Match = "actor" | "issued" | "mention";

/** Judges a record by the filter; undefined when it does not count. `text` is the record's whole line. */
export function matchRecord(filter: RecordFilter, record: AuditRecord, text: string): Match | undefined {
  if (!fitsRequest(filter, record)) return undefined;
  const { values } = filter;
  const { actor, clientToken, issued } = record;
  if (values !== undefined && !mentions(values, text, actor)) return undefined;
  if (!wantsSomebody(filter)) return "mention";
  if (isWanted(filter, actor, clientToken)) return "actor";
  if (issued !== undefined && isWanted(filter, issued, "")) return "issued";
  return values !== undefined && isNamed(filter, actor) ? "mention" : undefined;
}

function fitsRequest({ from = -Infinity, to = Infinity, path = "", operations }: RecordFilter, record: AuditRecord) {
  const { at } = record;
  return at >= from && at < to && record.path.startsWith(path) && oneOf(operations, record.operation);
}

function mentions({ plain, hashes }: LookedFor, text: string, { accessor }: NamedToken): boolean {
  return hashes.some((hash) => text.includes(hash)) || plain.includes(accessor);
}

function wantsSomebody({ entities, displayNames, accessors, values }: RecordFilter): boolean {
  return [entities, displayNames, accessors, values].some((wanted) => wanted !== undefined);
}

function isWanted(filter: RecordFilter, token: NamedToken, clientToken: string): boolean {
  const { values } = filter;
  const known = values === undefined ? undefined : [...values.hashes, ...values.plain];
  return (
    isNamed(filter, token) && (known === undefined || known.includes(token.accessor) || known.includes(clientToken))
  );
}

function isNamed({ entities, displayNames, accessors }: RecordFilter, token: NamedToken): boolean {
  return (
    oneOf(entities, token.entityId) &&
    oneOf(displayNames, token.displayName) &&
    (accessors === undefined || accessors.some((accessor) => token.accessor.startsWith(accessor)))
  );
}

function oneOf(wanted: readonly string[] | undefined, value: string): boolean {
  return wanted === undefined || wanted.includes(value);
}
