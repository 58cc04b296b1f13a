import type { RunService } from "../../runner/ports.ts";

/** RunGroups knows which runs answer which alert group. */
export type RunGroups = {
  readonly note: (runId: string, group: string) => void;
  /** Gives the ids of a group's runs, oldest first; looks through the runs of the past when it is first asked. */
  readonly runsOf: (group: string) => Promise<readonly string[]>;
};

const OPEN_RUNS = 1000;
const RECENT_RUNS = 200;

/** Makes a memory that reads the past once; while that fails, every question throws what the store threw. */
export function createRunGroups(runs: Pick<RunService, "list">): RunGroups {
  const groups = new Map<string, Set<string>>();
  let read: Promise<void> | undefined;
  const note = (runId: string, group: string): void =>
    void groups.set(group, (groups.get(group) ?? new Set()).add(runId));
  const readPast = async (): Promise<void> => {
    const recent = await runs.list({ limit: RECENT_RUNS });
    const open = await runs.list({ open: true, limit: OPEN_RUNS });
    const byTime = [...recent, ...open].toSorted((left, right) => left.run.startedAt - right.run.startedAt);
    const later = [...groups];
    groups.clear();
    for (const { run } of byTime) if (run.origin.alertGroup !== undefined) note(run.id, run.origin.alertGroup);
    for (const [group, ids] of later) for (const id of ids) note(id, group);
  };
  return {
    note,
    runsOf: async (group) => {
      read ??= readPast();
      try {
        await read;
      } catch (error) {
        read = undefined;
        throw error;
      }
      return [...(groups.get(group) ?? [])];
    },
  };
}
