import { HASHED } from "../../investigation/resolve-accessors.ts";
import type { Found } from "../../investigation/search-log.ts";
import type { Actor } from "../../investigation/touch-tally.ts";
import { table } from "../report.ts";

/** So much of an accessor tells people which one it is. A whole one in plain text can end its token. */
const SHOWN = 6;
const SHOWN_HASH = 12;
/** Beyond these a table is read by programs: `--json` has all. */
const MOST_ROWS = 50;
const MOST_PATHS = 20;

/** Writes what was found for people. */
export function foundText(found: Found): readonly string[] {
  const { actors } = found;
  const rows = actors.slice(0, MOST_ROWS).map(rowOf);
  const head = ["accessor", "display name", "entity", "requests", "errors", "first", "last", "mounts", "operations"];
  return [
    summary(found),
    ...notes(found),
    ...(rows.length === 0 ? [] : table([head, ...rows])),
    ...actors.slice(0, MOST_ROWS).flatMap(detailOf),
    ...(actors.length > MOST_ROWS ? [`and ${actors.length - MOST_ROWS} more; --json has all`] : []),
  ];
}

/** Gives what was found for programs; an accessor in plain text is shortened here too. */
export function foundJson(found: Found): unknown {
  return {
    ...found,
    actors: found.actors.map(({ first, last, issued, ...actor }) => ({
      ...actor,
      accessor: shownAccessor(actor.accessor, Infinity),
      first: iso(first),
      last: iso(last),
      issued: issued === undefined ? null : { ...issued, at: iso(issued.at) },
    })),
  };
}

function summary({ actors, requests, errors, lines, sources }: Found): string {
  const files = sources.map(({ name, bytes }) => `${name} (${bytes} bytes)`).join(", ");
  return `${requests} requests by ${actors.length} actors, ${errors} of them refused or failed, in ${lines} lines of ${files}`;
}

/** What was not counted as it should be: without it nobody could trust the rest. */
function notes({ unreadable, long, more, unlisted }: Found): readonly string[] {
  return [
    ...(unreadable > 0 ? [`${unreadable} lines are no records and were left out`] : []),
    ...(long > 0 ? [`${long} lines were too long to be held: read up to their answer`] : []),
    ...(more > 0 ? [`${more} requests are of further actors that are not listed: narrow the search`] : []),
    ...(unlisted > 0 ? [`${unlisted} requests have paths, mounts or operations that are not listed: narrow it`] : []),
  ];
}

function rowOf(actor: Actor): readonly string[] {
  const { accessor, displayName, entityId, requests, errors, first, last, mounts, operations } = actor;
  return [
    shownAccessor(accessor, SHOWN_HASH),
    clean(displayName) || "-",
    clean(entityId) || "-",
    String(requests),
    String(errors),
    iso(first),
    iso(last),
    counts(mounts),
    counts(operations),
  ];
}

function detailOf({ accessor, issued, paths }: Actor): readonly string[] {
  const name = shownAccessor(accessor, SHOWN_HASH);
  const by = issued?.by === undefined || issued.by === "" ? "" : ` by ${clean(issued.by)}`;
  const made = issued === undefined ? [] : [`${name} was made at ${clean(issued.path)}${by}, ${iso(issued.at)}`];
  const listed = Object.entries(paths);
  const shown = listed.slice(0, MOST_PATHS).map(([path, count]) => `${name} ${count} × ${clean(path)}`);
  const rest =
    listed.length > MOST_PATHS ? [`${name} and ${listed.length - MOST_PATHS} more paths; --json has all`] : [];
  return [...made, ...shown, ...rest];
}

function shownAccessor(accessor: string, ofHash: number): string {
  if (accessor === "") return "(none)";
  if (!accessor.startsWith(HASHED)) return `${accessor.slice(0, SHOWN)}…`;
  return accessor.length <= HASHED.length + ofHash ? accessor : `${accessor.slice(0, HASHED.length + ofHash)}…`;
}

function counts(held: Readonly<Record<string, number>>): string {
  const shown = Object.entries(held).map(([name, count]) => `${clean(name)} ${count}`);
  return shown.slice(0, 4).join(", ") + (shown.length > 4 ? ", …" : "") || "-";
}

/** Names come from whoever made a request: control characters would steer the terminal. */
function clean(text: string): string {
  return text.replaceAll(/\p{C}/gu, "�");
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
