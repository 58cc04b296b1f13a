import type { Timestamp } from "../../lib/clock.ts";
import { parseDuration } from "../../lib/duration.ts";
import { REVOCATION_LIST_NAME } from "../../lib/revocation-list.ts";
import type { RecordFilter } from "../../investigation/record-filter.ts";

/** What the command line gave. */
export type SearchFlags = {
  readonly file: readonly string[];
  readonly cluster?: string;
  readonly from?: string;
  readonly to?: string;
  readonly path?: string;
  readonly operation?: readonly string[];
  readonly entity?: readonly string[];
  readonly displayName?: readonly string[];
  readonly accessor?: readonly string[];
  readonly hashOf?: string;
  readonly device?: string;
  readonly list?: string;
  readonly tokenFile?: string;
  readonly mostTokens: string;
  readonly paths: boolean;
  readonly json: boolean;
};

/** A search, or why there is none. */
export type ParsedSearch =
  | { readonly ok: true; readonly filter: RecordFilter; readonly mostTokens: number }
  | { readonly ok: false; readonly why: string };

/** So much of an accessor tells it from others: of a hash, beyond its prefix. */
const LEAST = 6;

/** Reads the flags of a search: times are RFC 3339, or how long ago (`90m`). */
export function parseSearch(flags: SearchFlags, now: Timestamp): ParsedSearch {
  const from = flags.from === undefined ? undefined : timeOf(flags.from, now);
  const to = flags.to === undefined ? undefined : timeOf(flags.to, now);
  const mostTokens = Number(flags.mostTokens);
  const accessors = flags.accessor?.map((each) => each.replace(/(?:…|[.]{3})$/u, ""));
  const why = firstWrong({ flags, from, to, mostTokens, accessors });
  if (why !== undefined) return { ok: false, why };
  const { path, operation: operations, entity: entities, displayName: displayNames } = flags;
  const window = { from: from ?? undefined, to: to ?? undefined };
  return { ok: true, filter: { ...window, path, operations, entities, displayNames, accessors }, mostTokens };
}

type Parts = {
  readonly flags: SearchFlags;
  readonly from: Timestamp | null | undefined;
  readonly to: Timestamp | null | undefined;
  readonly mostTokens: number;
  readonly accessors: readonly string[] | undefined;
};

function firstWrong(parts: Parts): string | undefined {
  return wrongWindow(parts) ?? wrongInput(parts) ?? wrongList(parts);
}

function wrongWindow({ flags, from, to }: Parts): string | undefined {
  const form = "takes a time like 2026-01-31T03:02:00Z, or how long ago like 90m";
  if (from === null) return `--from ${form}, not "${flags.from}"`;
  if (to === null) return `--to ${form}, not "${flags.to}"`;
  if (from !== undefined && to !== undefined && from >= to) return "--from is not before --to: nothing lies between";
  return undefined;
}

function wrongInput({ flags, mostTokens, accessors = [] }: Parts): string | undefined {
  const { file, hashOf, device } = flags;
  if ([...file, ...(hashOf === undefined ? [] : [hashOf])].filter((each) => each === "-").length > 1)
    return "only one of --file and --hash-of can be -, the standard input";
  if (accessors.some((each) => each.replace("hmac-sha256:", "").length < LEAST))
    return `--accessor takes an accessor as a search shows it, at least ${LEAST} characters of it`;
  if (hashOf !== undefined && device === undefined)
    return "--hash-of needs --device: every audit device hashes with a salt of its own";
  if (!Number.isSafeInteger(mostTokens) || mostTokens < 1) return "--most-tokens takes a number of tokens";
  return undefined;
}

/** What a search finds is whoever used a path, and most of them should go on: a list needs somebody in particular. */
function wrongList({ flags }: Parts): string | undefined {
  const { list, accessor, entity, displayName, hashOf } = flags;
  if (list === undefined) return undefined;
  if (!REVOCATION_LIST_NAME.test(list)) return "--list takes a name of lower-case letters, digits, - and _";
  const particular = [accessor, entity, displayName, hashOf].some((each) => each !== undefined);
  return particular
    ? undefined
    : "--list needs --accessor, --display-name, --entity or --hash-of: all who touched a path are not yet those to revoke";
}

/** Null: neither a time nor a duration. */
function timeOf(text: string, now: Timestamp): Timestamp | null {
  const ago = parseDuration(text);
  if (ago !== undefined) return now - ago;
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(?:Z|[+-]\d\d:\d\d)$/u.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
