import { describe, expect, it } from "@jest/globals";
import { createFakeCluster, type FakeCluster } from "../fake-cluster.ts";
import { askAction, changed } from "./ask-action.ts";

const rotate = askAction("vault.rotate-keyring", { term: 3 });
const well = (): FakeCluster => createFakeCluster(["active", "standby", "standby"]);
const withTerm = (term: number): FakeCluster =>
  changed(well(), (fake) => void fake.answers.set("sys/key-status", { data: { term, install_time: "" } }));

describe("vault.rotate-keyring", () => {
  it("holds what it is judged by: the term in use and no ceremony", async () => {
    expect((await rotate.facts(well())).map(({ name, ok, value }) => ({ name, ok, value }))).toEqual([
      { name: "identity", ok: true, value: "c1a1" },
      { name: "leader", ok: true, value: "vault-0" },
      { name: "term", ok: true, value: 3 },
      { name: "ceremony", ok: true, value: { root_token: "none", key_shares: "none" } },
      { name: "permitted", ok: true, value: expect.anything() },
    ]);
  });

  const started = { data: { started: true, required: 2 } };
  const ceremonies: readonly { name: string; path: string; answer: unknown; ok: boolean; says: string }[] = [
    {
      name: "a root token is made",
      path: "sys/generate-root-token/attempt",
      answer: started,
      ok: false,
      says: "making a root token now",
    },
    {
      name: "key shares are replaced",
      path: "sys/rotate/root/init",
      answer: started,
      ok: false,
      says: "making key shares now",
    },
    {
      name: "the server has no such path",
      path: "sys/rotate/root/init",
      answer: undefined,
      ok: true,
      says: "ask them",
    },
  ];

  it.each(ceremonies)("looks for a ceremony when $name", async ({ path, answer, ok, says }) => {
    const fake = changed(well(), (it) => void it.answers.set(path, answer));
    expect(await rotate.fact(fake, "ceremony")).toMatchObject({ ok, text: expect.stringContaining(says) });
  });

  it("asks Vault where Vault tells of ceremonies", async () => {
    const fake = Object.assign(well(), { product: "vault" as const });
    fake.answers.set("sys/generate-root/attempt", { started: false, required: 2 });
    fake.answers.set("sys/rekey/init", { started: true, required: 2 });
    expect(await rotate.broken(fake)).toEqual(["ceremony"]);
  });

  it.each([2, 4])("is refused, and calls nothing, when the key in use is of term %d", async (term) => {
    const fake = withTerm(term);
    expect(await rotate.broken(fake)).toEqual(["term"]);
    await expect(rotate.perform(fake)).rejects.toMatchObject({ reason: "refused" });
    expect(fake.changes).toEqual([]);
  });

  it("proves it by the term, not by the answer", async () => {
    const fake = Object.assign(well(), { lies: true });
    expect(await rotate.perform(fake)).toEqual({ replaced_term: 3 });
    expect(await rotate.probe(fake)).toEqual({
      verdict: "not-done",
      evidence: "the key in use on vault-0 is of term 3",
    });
    fake.lies = false;
    await rotate.perform(fake);
    expect(await rotate.probe(fake)).toEqual({ verdict: "done", evidence: "the key in use on vault-0 is of term 4" });
  });

  it("cannot tell when nobody leads", async () => {
    expect(await rotate.probe(createFakeCluster(["standby", "standby"]))).toMatchObject({ verdict: "unknown" });
  });
});
