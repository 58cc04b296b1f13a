import { describe, expect, it } from "@jest/globals";
import { keepLastGood, type Loading } from "../../src/document/last-good.ts";

const bad = { ok: false as const, findings: [{ file: "f", line: 1, column: 1, rule: "r", message: "m" }] };

function scripted(loads: readonly (Loading<string> | Error)[]) {
  let at = 0;
  let now = 0;
  return keepLastGood({
    first: "first",
    clock: { now: () => (now += 1) },
    load: async () => {
      const next = loads[at++];
      if (next instanceof Error || next === undefined) throw next ?? new Error("no more loads");
      return await Promise.resolve(next);
    },
  });
}

describe("keepLastGood", () => {
  it("begins with the first value, which was good", () => {
    const held = scripted([]);
    expect(held.current()).toBe("first");
    expect(held.status()).toEqual({ successful: true, attemptedAt: 1, succeededAt: 1, findings: [] });
  });

  it("keeps the value through a bad load, and recovers with a good one", async () => {
    const held = scripted([bad, { ok: true, value: "second" }]);
    await held.reload();
    expect([held.current(), held.status().successful, held.status().findings]).toEqual(["first", false, bad.findings]);
    await held.reload();
    expect([held.current(), held.status().successful, held.status().findings]).toEqual(["second", true, []]);
  });

  it("passes on what a load throws, after the status says that it failed, and loads again", async () => {
    const held = scripted([new Error("disk on fire"), { ok: true, value: "second" }]);
    await expect(held.reload()).rejects.toThrow("disk on fire");
    expect([held.current(), held.status().successful]).toEqual(["first", false]);
    await held.reload();
    expect(held.current()).toBe("second");
  });

  it("loads one after the other, so that an older load never replaces a newer value", async () => {
    const begun: (() => void)[] = [];
    const held = keepLastGood<string>({
      first: "first",
      clock: { now: () => 0 },
      load: async () => {
        const turn = begun.length;
        await new Promise<void>((resolve) => begun.push(resolve));
        return { ok: true, value: `load ${turn}` };
      },
    });
    const older = held.reload();
    const newer = held.reload();
    await new Promise(setImmediate);
    expect(begun).toHaveLength(1);
    begun[0]?.();
    await older;
    expect(held.current()).toBe("load 0");
    while (begun.length < 2) await Promise.resolve();
    begun[1]?.();
    await newer;
    expect(held.current()).toBe("load 1");
  });
});
