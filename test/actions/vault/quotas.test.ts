import { describe, expect, it } from "@jest/globals";
import { createFakeCluster, type FakeCluster } from "../fake-cluster.ts";
import { askAction } from "./ask-action.ts";

const INPUT = { name: "noisy", path: "database/creds", rate: 50, interval_seconds: 10 };
const set = askAction("vault.rate-limit-quota-set", INPUT);
const clear = askAction("vault.rate-limit-quota-clear", { name: "everybody" });
const well = (): FakeCluster => createFakeCluster(["active", "standby", "standby"]);

describe("vault.rate-limit-quota-set", () => {
  const scopes: readonly { name: string; input: object; ok: boolean; says: string }[] = [
    { name: "one path", input: {}, ok: true, says: "database/creds only" },
    { name: "no path", input: { path: "" }, ok: false, says: "say `global: true`" },
    { name: "a slash for a path", input: { path: "/" }, ok: false, says: "say `global: true`" },
    { name: "every path, said", input: { path: "", global: true }, ok: true, says: "EVERY request" },
    { name: "a path and every path", input: { global: true }, ok: false, says: "only one can be meant" },
  ];

  it.each(scopes)("judges $name before it calls", async ({ input, ok, says }) => {
    const asked = askAction("vault.rate-limit-quota-set", { ...INPUT, ...input });
    const fake = well();
    expect(await asked.fact(fake, "scope")).toMatchObject({ ok, text: expect.stringContaining(says) });
    if (ok) return;
    await expect(asked.perform(fake)).rejects.toMatchObject({ reason: "refused" });
    expect(fake.changes).toEqual([]);
  });

  it("tells what it replaces", async () => {
    expect(await set.fact(well(), "current")).toMatchObject({ value: null, text: "there is no quota noisy yet" });
    const known = askAction("vault.rate-limit-quota-set", { ...INPUT, name: "everybody" });
    expect(await known.fact(well(), "current")).toMatchObject({
      ok: true,
      value: { rate: 100, interval_seconds: 1, path: "" },
      text: expect.stringContaining("replaces the quota everybody: 100 requests every 1 s on every path"),
    });
  });

  it("is proven by the same values read back, with a slash more or less", async () => {
    const fake = well();
    expect(await set.probe(fake)).toMatchObject({ verdict: "not-done", evidence: "vault-0 lists no quota noisy" });
    await set.perform(fake);
    expect(await set.probe(fake)).toMatchObject({ verdict: "done" });
    const path = "sys/quotas/rate-limit/noisy";
    fake.answers.set(path, { data: { rate: 50, interval: 10, path: "database/creds/" } });
    expect(await set.probe(fake)).toMatchObject({ verdict: "done" });
    for (const other of [{ rate: 51 }, { interval: 1 }, { path: "database" }]) {
      fake.answers.set(path, { data: { rate: 50, interval: 10, path: "database/creds", ...other } });
      expect(await set.probe(fake)).toMatchObject({ verdict: "not-done" });
    }
  });

  it("is not believed for an answer", async () => {
    const fake = Object.assign(well(), { lies: true });
    await set.perform(fake);
    expect(await set.probe(fake)).toMatchObject({ verdict: "not-done" });
  });

  it.each(["..", "a/b", "", "a b", "é"])("takes no name that would be another path: %p", async (name) => {
    await expect(askAction("vault.rate-limit-quota-set", { ...INPUT, name }).facts(well())).rejects.toMatchObject({
      reason: "refused",
    });
  });
});

describe("vault.rate-limit-quota-clear", () => {
  it("wants a quota that is there", async () => {
    expect(await clear.broken(well())).toEqual([]);
    expect(await askAction("vault.rate-limit-quota-clear", { name: "noisy" }).broken(well())).toEqual(["current"]);
  });

  it("is proven by the list, not by the answer", async () => {
    const fake = Object.assign(well(), { lies: true });
    await clear.perform(fake);
    expect(await clear.probe(fake)).toMatchObject({ verdict: "not-done" });
    fake.lies = false;
    await clear.perform(fake);
    expect(await clear.probe(fake)).toEqual({ verdict: "done", evidence: "vault-0 lists no quota everybody" });
  });

  it("does not take a list that it may not read for an empty one", async () => {
    expect(await clear.probe(createFakeCluster(["denied", "standby"]))).toMatchObject({ verdict: "unknown" });
  });
});
