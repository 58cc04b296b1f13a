import type { ListedRun, Outbox, RunFilter, RunStore, RunSummary } from "../../runner/ports.ts";
import { ConcurrencyError } from "../../lib/concurrency-error.ts";
import { CHAIN_START, extendChain, firstBreak, type ChainEntry, type ChainHead } from "../chain.ts";
import { readEvent, writeEvent } from "../stored-event.ts";
import { runSubject } from "../subject.ts";
import type { HeldLocks } from "./locks.ts";

/** A run as it is kept. */
type HeldRun = {
  readonly entries: readonly ChainEntry[];
  readonly head: ChainHead;
  readonly summary: RunSummary;
  readonly open: boolean;
};

/** All runs by id, the oldest first. */
export type HeldRuns = Map<string, HeldRun>;

const NEW_RUN = { entries: [], head: { version: 0, head: CHAIN_START }, open: true } satisfies Omit<HeldRun, "summary">;

/** What timelines are kept with. */
export type MemoryRunsDeps = {
  readonly runs: HeldRuns;
  readonly locks: HeldLocks;
  readonly outbox: Pick<Outbox, "note">;
};

/**
 * Keeps timelines in memory; each change is noted in the outbox, and a run that ends gives its lock back. Nobody else can change them, so that
 * `watch` never calls.
 */
export function createMemoryRuns({ runs, locks, outbox }: MemoryRunsDeps): RunStore {
  return {
    async append(runId, expected, events, summary) {
      const { entries, head, open } = runs.get(runId) ?? NEW_RUN;
      if (head.version !== expected) throw new ConcurrencyError(runId, expected, head.version);
      const added = extendChain(runId, head, events.map(writeEvent));
      const last = added.at(-1);
      const lastEvent = events.at(-1);
      if (last === undefined || lastEvent === undefined) return;
      const closes = events.some((event) => event.type === "RunFinished");
      runs.set(runId, {
        entries: [...entries, ...added],
        head: { version: last.sequence, head: last.hash },
        summary: { ...summary },
        open: open && !closes,
      });
      if (closes) giveBackLocks(locks, runId);
      await outbox.note(runSubject(runId), lastEvent.at);
    },
    async read(runId) {
      return (runs.get(runId)?.entries ?? []).map((entry) => readEvent(runId, entry, "memory"));
    },
    async list(filter) {
      const wanted = [...runs].filter(([, run]) => matches(run, filter)).reverse();
      return wanted.slice(0, filter.limit).map(listed);
    },
    async verify(runId) {
      const run = runs.get(runId);
      return run === undefined ? undefined : firstBreak(runId, run.entries, run.head);
    },
    watch: () => () => {},
  };
}

function giveBackLocks(locks: HeldLocks, runId: string): void {
  for (const [cluster, holder] of locks) if (holder.runId === runId) locks.delete(cluster);
}

function matches({ open, summary }: HeldRun, filter: RunFilter): boolean {
  return (
    (filter.open ?? open) === open &&
    (filter.cluster ?? summary.cluster) === summary.cluster &&
    (filter.runbook ?? summary.runbook) === summary.runbook
  );
}

function listed([id, { head, summary }]: readonly [string, HeldRun]): ListedRun {
  return { id, version: head.version, summary: { ...summary } };
}
