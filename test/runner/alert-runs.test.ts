import { describe, expect, it } from "@jest/globals";
import { createAlertRuns } from "../../src/runner/alert-runs.ts";
import type { ListedRun, LoadedRun } from "../../src/runner/ports.ts";

/** A store with open runs by group, of which some cannot be read; counts what is loaded. */
function openRuns(groups: Map<string, string | undefined>, unreadable: Set<string> = new Set()) {
  const loads: string[] = [];
  const finder = createAlertRuns({
    store: { list: async () => await Promise.resolve([...groups.keys()].map((id) => ({ id }) as ListedRun)) },
    load: async (ids) => {
      loads.push(...ids);
      const readable = ids.filter((id) => !unreadable.has(id));
      return await Promise.resolve(
        readable.map((id) => ({ run: { id, origin: { alertGroup: groups.get(id) } } }) as unknown as LoadedRun),
      );
    },
  });
  return { finder, loads };
}

describe("the open runs of an alert group", () => {
  it("are those that were started from it", async () => {
    const groups = new Map([
      ["R1", "g1"],
      ["R2", "g2"],
      ["R3", undefined],
      ["R4", "g1"],
    ]);
    expect(await openRuns(groups).finder.of("g1")).toEqual(["R1", "R4"]);
  });

  it("are loaded once each, however many groups ask", async () => {
    const groups = new Map<string, string | undefined>([["R1", "g1"]]);
    const { finder, loads } = openRuns(groups);
    for (let index = 0; index < 500; index++) await finder.of(`g${index}`);
    groups.set("R2", "g7");
    expect(await finder.of("g7")).toEqual(["R2"]);
    expect(loads).toEqual(["R1", "R2"]);
  });

  it("are found later when they could not be read at first, and are forgotten when they ended", async () => {
    const groups = new Map<string, string | undefined>([["R1", "g1"]]);
    const unreadable = new Set(["R1"]);
    const { finder } = openRuns(groups, unreadable);
    expect(await finder.of("g1")).toEqual([]);
    unreadable.clear();
    expect(await finder.of("g1")).toEqual(["R1"]);
    groups.delete("R1");
    expect(await finder.of("g1")).toEqual([]);
  });
});
