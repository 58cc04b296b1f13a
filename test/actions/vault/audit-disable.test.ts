import { describe, expect, it } from "@jest/globals";
import { createFakeCluster, type FakeCluster } from "../fake-cluster.ts";
import { askAction, changed } from "./ask-action.ts";

const disable = askAction("vault.audit-disable", { device: "file" });
const well = (): FakeCluster => createFakeCluster(["active", "standby", "standby"]);
const withDevices = (...paths: readonly string[]): FakeCluster =>
  changed(
    well(),
    (fake) =>
      void fake.answers.set("sys/audit", { data: Object.fromEntries(paths.map((path) => [path, { type: "file" }])) }),
  );

describe("vault.audit-disable", () => {
  it("tells who goes on, and that Vault does not say which device wrote", async () => {
    const facts = await disable.facts(well());
    expect(facts.filter(({ ok }) => !ok)).toEqual([]);
    expect(facts.map(({ name, value }) => [name, value]).slice(2, 6)).toEqual([
      ["device", { path: "file/", type: "file" }],
      ["another", ["socket/"]],
      ["writes", true],
      ["by-api", "free"],
    ]);
    expect(facts.find(({ name }) => name === "another")?.text).toContain("does not tell which device wrote");
  });

  const refusals: readonly { name: string; fake: () => FakeCluster; breaks: string[] }[] = [
    { name: "it is the only device", fake: () => withDevices("file/"), breaks: ["another"] },
    { name: "there is no such device", fake: () => withDevices("socket/", "syslog/"), breaks: ["device"] },
    {
      name: "an audited read is not answered",
      fake: () => changed(well(), (it) => void it.answers.set("auth/token/lookup-self", undefined)),
      breaks: ["writes"],
    },
    {
      name: "the server's configuration file declares it",
      fake: () =>
        changed(
          well(),
          (it) => void it.answers.set("sys/config/state/sanitized", { data: { audits: [{ path: "file/" }] } }),
        ),
      breaks: ["by-api"],
    },
  ];

  it.each(refusals)("is refused when $name", async ({ fake, breaks }) => {
    expect(await disable.broken(fake())).toEqual(breaks);
  });

  it("is let pass, and said, where the configuration cannot be seen", async () => {
    const fake = changed(well(), (it) => void it.answers.set("sys/config/state/sanitized", undefined));
    expect(await disable.fact(fake, "by-api")).toMatchObject({ ok: true, value: "unseen" });
  });

  it.each([
    { name: "the only device", fake: () => withDevices("file/") },
    { name: "a device that is gone: the server would answer that well", fake: () => withDevices("a/", "b/") },
  ])("calls nothing for $name", async ({ fake }) => {
    const on = fake();
    await expect(disable.perform(on)).rejects.toMatchObject({ reason: "refused" });
    expect(on.changes).toEqual([]);
  });

  it("is proven by the list, not by the answer", async () => {
    const fake = Object.assign(well(), { lies: true });
    expect(await disable.perform(fake)).toEqual({ disabled: "file" });
    expect(await disable.probe(fake)).toEqual({
      verdict: "not-done",
      evidence: "audit devices on vault-0: file/, socket/",
    });
    fake.lies = false;
    await disable.perform(fake);
    expect(await disable.probe(fake)).toEqual({ verdict: "done", evidence: "audit devices on vault-0: socket/" });
  });

  it("cannot tell when nobody leads", async () => {
    expect(await disable.probe(createFakeCluster(["standby", "standby"]))).toMatchObject({ verdict: "unknown" });
  });
});
