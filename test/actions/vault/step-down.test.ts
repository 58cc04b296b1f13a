import { describe, expect, it } from "@jest/globals";
import { createFakeCluster, type FakeCluster } from "../fake-cluster.ts";
import { askAction, changed } from "./ask-action.ts";

const stepDown = askAction("vault.step-down", { node: "vault-0" });
/** When the fake leader became active, which is also what its clock says. */
const BEGAN = 1_767_225_600_000;
const well = (): FakeCluster => createFakeCluster(["active", "standby", "standby"]);

describe("the preconditions of vault.step-down", () => {
  it("all hold on a healthy cluster, with the arithmetic in words", async () => {
    expect((await stepDown.facts(well())).map(({ name, ok, value }) => ({ name, ok, value }))).toEqual([
      { name: "identity", ok: true, value: "c1a1" },
      { name: "leader", ok: true, value: "vault-0" },
      { name: "leads", ok: true, value: true },
      { name: "followers", ok: true, value: ["vault-1", "vault-2"] },
      { name: "tolerance", ok: true, value: { voters: 3, healthy: 3 } },
      { name: "caught-up", ok: true, value: true },
      { name: "permitted", ok: true, value: expect.anything() },
    ]);
    expect((await stepDown.fact(well(), "tolerance")).text).toBe("3 voters, 3 healthy, 2 needed: 1 more may be lost");
  });

  const refusals: readonly { name: string; fake: () => FakeCluster; breaks: string[] }[] = [
    { name: "another node leads", fake: () => createFakeCluster(["standby", "active", "standby"]), breaks: ["leads"] },
    { name: "nobody leads", fake: () => createFakeCluster(["standby", "standby", "standby"]), breaks: ["leader"] },
    {
      name: "one more may not be lost",
      fake: () => createFakeCluster(["active", "standby", "unreachable"]),
      breaks: ["tolerance"],
    },
    {
      name: "nobody can take over",
      fake: () => createFakeCluster(["active", "unreachable", "sealed"]),
      breaks: ["followers", "tolerance", "caught-up"],
    },
    {
      name: "only members without a vote follow",
      fake: () =>
        changed(well(), (fake) => {
          fake.node("vault-1").voter = false;
          fake.node("vault-2").voter = false;
        }),
      breaks: ["followers", "tolerance", "caught-up"],
    },
    {
      name: "a follower is far behind",
      fake: () => changed(well(), (fake) => void (fake.node("vault-2").index -= 500)),
      breaks: ["caught-up"],
    },
    {
      name: "nobody ever knew which cluster it is",
      fake: () => Object.assign(well(), { identity: undefined }),
      breaks: ["identity"],
    },
  ];

  it.each(refusals)("do not hold when $name", async ({ fake, breaks }) => {
    expect(await stepDown.broken(fake())).toEqual(breaks);
  });
});

describe("performing vault.step-down", () => {
  it("asks the active node", async () => {
    const fake = well();
    expect(await stepDown.perform(fake)).toEqual({ stepped_down: "vault-0" });
    expect(fake.changes).toEqual([{ node: "vault-0", change: "stepDown", given: [] }]);
  });

  it("calls nothing when another leads by now, or the addresses lead elsewhere", async () => {
    const moved = createFakeCluster(["standby", "active", "standby"]);
    await expect(stepDown.perform(moved)).rejects.toMatchObject({ reason: "refused" });
    const elsewhere = Object.assign(well(), { identity: "wrong-cluster" as const });
    await expect(stepDown.perform(elsewhere)).rejects.toMatchObject({ reason: "wrong-cluster" });
    expect([...moved.changes, ...elsewhere.changes]).toEqual([]);
  });
});

describe("probing vault.step-down", () => {
  it("finds it done when another leads", async () => {
    const fake = well();
    await stepDown.perform(fake);
    expect(await stepDown.probe(fake)).toEqual({ verdict: "done", evidence: "vault-1 leads, and vault-0 does not" });
  });

  const times: readonly { name: string; at: number; now: number; verdict: string }[] = [
    { name: "led before the call", at: BEGAN + 5000, now: BEGAN, verdict: "not-done" },
    { name: "leads again since after the call", at: BEGAN - 10_000, now: BEGAN, verdict: "done" },
    { name: "began in the seconds of the call", at: BEGAN - 400, now: BEGAN, verdict: "unknown" },
    {
      name: "led before the call, by a clock an hour behind ours",
      at: BEGAN + 3_605_000,
      now: BEGAN + 3_600_000,
      verdict: "not-done",
    },
    {
      name: "leads again since after the call, by a clock an hour ahead",
      at: BEGAN - 3_610_000,
      now: BEGAN - 3_600_000,
      verdict: "done",
    },
    {
      name: "led before the call, by a clock an hour ahead",
      at: BEGAN - 3_595_000,
      now: BEGAN - 3_600_000,
      verdict: "not-done",
    },
  ];

  it.each(times)("judges a node that leads and $name", async ({ at, now, verdict }) => {
    expect(await stepDown.probe(well(), { at, now })).toMatchObject({ verdict });
  });

  it("does not believe an answer: 204 is also given when nothing was done", async () => {
    const fake = Object.assign(well(), { lies: true });
    await stepDown.perform(fake);
    expect(await stepDown.probe(fake, { at: BEGAN + 60_000, now: BEGAN })).toMatchObject({ verdict: "not-done" });
  });

  it("of two that call themselves active believes the one that became it later", async () => {
    const fake = createFakeCluster(["active", "active", "standby"]);
    fake.node("vault-1").activeTime = "2026-01-01T00:05:00Z";
    expect(await stepDown.probe(fake, { at: BEGAN, now: BEGAN })).toMatchObject({ verdict: "done" });
  });

  it.each([
    { name: "nobody leads yet", fake: () => createFakeCluster(["standby", "standby", "standby"]) },
    { name: "nobody answers", fake: () => createFakeCluster(["unreachable", "frozen", "unreachable"]) },
    { name: "the addresses lead elsewhere", fake: () => Object.assign(well(), { identity: "wrong-cluster" as const }) },
  ])("cannot tell when $name", async ({ fake }) => {
    expect(await stepDown.probe(fake())).toMatchObject({ verdict: "unknown" });
  });
});
