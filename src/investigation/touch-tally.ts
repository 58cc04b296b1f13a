import type { Timestamp } from "../lib/clock.ts";
import type { AuditRecord, NamedToken } from "./audit-record.ts";
import type { Match } from "./record-filter.ts";

/** Actor is one token, or one name without a token's accessor, and what it touched. */
export type Actor = NamedToken & {
  readonly first: Timestamp;
  readonly last: Timestamp;
  readonly requests: number;
  /** How many of them were refused or failed. */
  readonly errors: number;
  readonly mounts: Readonly<Record<string, number>>;
  readonly operations: Readonly<Record<string, number>>;
  /** Only where paths are wanted. */
  readonly paths: Readonly<Record<string, number>>;
  /** Where and when the log saw it made. */
  readonly issued: { readonly at: Timestamp; readonly path: string; readonly by: string } | undefined;
  /** It is one of those that were looked for, or was made by one; and not only somebody who mentions one. */
  readonly wanted: boolean;
};

/** What was counted: those first that were looked for, then those with the most requests. */
export type Touched = {
  readonly actors: readonly Actor[];
  readonly requests: number;
  readonly errors: number;
  /** Requests of actors beyond those that are held; 0: all are listed. */
  readonly more: number;
  /** Requests whose path, mount or operation is not listed, because there were too many different ones. */
  readonly unlisted: number;
};

/** How much is held, whatever the log holds. */
export type TallyLimits = {
  readonly actors: number;
  /** Different mounts, operations and paths of all actors together. */
  readonly names: number;
  /** Requests whose answer may still come. */
  readonly underWay: number;
};

/** What fits into some hundred megabytes. */
export const TALLY_LIMITS: TallyLimits = { actors: 20_000, names: 200_000, underWay: 50_000 };

/** Counts requests: the record of a request and that of its answer are one. */
export type TouchTally = {
  readonly add: (record: AuditRecord, match: Match) => void;
  readonly result: () => Touched;
};

type Held = {
  displayName: string;
  entityId: string;
  first: Timestamp;
  last: Timestamp;
  requests: number;
  errors: number;
  readonly accessor: string;
  readonly mounts: Map<string, number>;
  readonly operations: Map<string, number>;
  readonly paths: Map<string, number>;
  issued: Actor["issued"];
  wanted: boolean;
};

/** Creates a tally; with `paths` it also counts by path. */
export function createTouchTally(options: { readonly paths: boolean; readonly limits: TallyLimits }): TouchTally {
  const { paths, limits } = options;
  const actors = createActors(limits.actors);
  const names = createNameCounter(limits.names);
  const seen = createRecent(limits.underWay);
  const totals = { requests: 0, errors: 0, more: 0, unlisted: 0 };

  const countRequest = (held: Held | undefined, { mount, operation, path }: AuditRecord): void => {
    totals.requests++;
    if (held === undefined) return void totals.more++;
    held.requests++;
    const listed = [names(held.mounts, mount), names(held.operations, operation), !paths || names(held.paths, path)];
    if (listed.includes(false)) totals.unlisted++;
  };
  const countError = (held: Held | undefined): void => {
    totals.errors++;
    if (held !== undefined) held.errors++;
  };
  return {
    add: (record, match) => {
      const { requestId, failed, actor, at, issued } = record;
      const before = seen.get(requestId);
      if (match !== "issued") {
        const held = actors.meet(actor, at);
        if (before === undefined) countRequest(held, record);
        if (failed && before !== "failed") countError(held);
        seen.set(requestId, failed || before === "failed" ? "failed" : "well");
        if (held !== undefined && match === "actor") held.wanted = true;
      }
      if (issued === undefined || issued.accessor === actor.accessor) return;
      const child = actors.meet(issued, at);
      if (child === undefined) return;
      child.issued ??= { at, path: record.path, by: actor.displayName };
      if (match !== "mention") child.wanted = true;
    },
    result: () => ({ actors: actors.all().map(shown).sort(wantedFirst), ...totals }),
  };
}

type Actors = {
  /** Finds an actor, or begins one; undefined when there are too many. */
  readonly meet: (token: NamedToken, at: Timestamp) => Held | undefined;
  readonly all: () => readonly Held[];
};

function createActors(most: number): Actors {
  const actors = new Map<string, Held>();
  return {
    meet: (token, at) => {
      const { accessor, displayName, entityId } = token;
      const key = accessor === "" ? ` ${displayName} ${entityId}` : accessor;
      const known = actors.get(key);
      if (known === undefined && actors.size >= most) return undefined;
      const held = known ?? newActor(token, at);
      if (known === undefined) actors.set(key, held);
      held.first = Math.min(held.first, at);
      held.last = Math.max(held.last, at);
      if (held.displayName === "") held.displayName = displayName;
      if (held.entityId === "") held.entityId = entityId;
      return held;
    },
    all: () => [...actors.values()],
  };
}

/** Counts by name; false for a name that is one too many. */
function createNameCounter(most: number): (counts: Map<string, number>, name: string) => boolean {
  let different = 0;
  return (counts, name) => {
    const known = counts.get(name);
    if (known === undefined && different >= most) return false;
    if (known === undefined) different++;
    counts.set(name, (known ?? 0) + 1);
    return true;
  };
}

function newActor(token: NamedToken, at: Timestamp): Held {
  const counts = { requests: 0, errors: 0, mounts: new Map(), operations: new Map(), paths: new Map() };
  return { ...token, ...counts, first: at, last: at, issued: undefined, wanted: false };
}

function shown({ mounts, operations, paths, ...held }: Held): Actor {
  return { ...held, mounts: byCount(mounts), operations: byCount(operations), paths: byCount(paths) };
}

function byCount(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].sort(([, left], [, right]) => right - left));
}

function wantedFirst(left: Actor, right: Actor): number {
  return Number(right.wanted) - Number(left.wanted) || right.requests - left.requests || left.first - right.first;
}

/** Recent knows the last so many ids and forgets the oldest half when it is full: a log of gigabytes costs no more than a short one. */
type Recent = {
  readonly get: (id: string) => "well" | "failed" | undefined;
  readonly set: (id: string, value: "well" | "failed") => void;
};

function createRecent(size: number): Recent {
  let young = new Map<string, "well" | "failed">();
  let old = new Map<string, "well" | "failed">();
  return {
    get: (id) => young.get(id) ?? old.get(id),
    set: (id, value) => {
      if (young.size >= size / 2) {
        old = young;
        young = new Map();
      }
      young.set(id, value);
    },
  };
}
