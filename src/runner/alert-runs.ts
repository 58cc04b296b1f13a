import type { RunStore, LoadedRun } from "./ports.ts";

/** AlertRuns finds the open runs that were started from an alert group. */
export type AlertRuns = { readonly of: (group: string) => Promise<readonly string[]> };

/** What finding them needs; `load` gives the runs that can be read. */
export type AlertRunsDeps = {
  readonly store: Pick<RunStore, "list">;
  readonly load: (ids: readonly string[]) => Promise<readonly LoadedRun[]>;
};

/** More open runs than this nobody has. */
const MOST = 10_000;

/** Makes the finder. A run never changes its group, so each is loaded once: hundreds of alerts may come in one minute. */
export function createAlertRuns({ store, load }: AlertRunsDeps): AlertRuns {
  let known = new Map<string, string | undefined>();
  return {
    of: async (group) => {
      const open = (await store.list({ open: true, limit: MOST })).map(({ id }) => id);
      const loaded = await load(open.filter((id) => !known.has(id)));
      const all = new Map([...known, ...loaded.map(({ run }) => [run.id, run.origin.alertGroup] as const)]);
      // What ended is forgotten; what could not be read is tried again the next time.
      known = new Map(open.flatMap((id) => (all.has(id) ? [[id, all.get(id)] as const] : [])));
      return open.filter((id) => known.get(id) === group);
    },
  };
}
