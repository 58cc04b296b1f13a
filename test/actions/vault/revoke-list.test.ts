import { describe, expect, it } from "@jest/globals";
import type { ActionServices, ListedToken, RevocationList } from "../../../src/actions/services.ts";
import type { VaultNode } from "../../../src/vault/cluster.ts";
import { revokeList } from "../../../src/actions/vault/revoke-list.ts";
import { FailureError, type FailureReason } from "../../../src/lib/failure.ts";
import { settle } from "../../contracts/action.contract.ts";
import { createFakeCluster, type FakeCluster } from "../fake-cluster.ts";
import { contextWithActive } from "../with-active.ts";
import { askAction, changed } from "./ask-action.ts";

const well = (): FakeCluster => createFakeCluster(["active", "standby", "standby"]);
const item = (id: number, accessor = `accessor${id}`): ListedToken => ({
  id,
  accessor,
  displayName: `token-${id}`,
  requests: 1,
});
const items = (many: number): readonly ListedToken[] => Array.from({ length: many }, (_, at) => item(at + 1));
const listing = (listed: readonly ListedToken[], change: Partial<RevocationList> = {}): ActionServices => ({
  investigations: {
    find: async () =>
      await Promise.resolve({
        cluster: "prod",
        digest: `sha256:${"ab".repeat(32)}`,
        madeAt: 0,
        items: listed,
        unresolved: 0,
        ...change,
      }),
  },
});
const none: ActionServices = { investigations: { find: async () => await Promise.resolve(undefined) } };
const ask = (services: ActionServices) => askAction("vault.revoke-list", { list: "leaked-ci" }, services);

describe("what people approve of vault.revoke-list", () => {
  it("is the list by its digest, its tokens by number and name, and never an accessor", async () => {
    const facts = await ask(listing(items(12))).facts(well());
    expect(facts.find(({ name }) => name === "list")).toEqual({
      name: "list",
      ok: true,
      value: { digest: `sha256:${"ab".repeat(32)}`, cluster: "prod", tokens: 12 },
      text: `the list leaked-ci (sha256:abababab…) is of prod and has 12 tokens: ${items(10)
        .map(({ id }) => `${id} "token-${id}"`)
        .join(", ")}, and 2 more`,
    });
    expect(JSON.stringify(facts)).not.toContain("accessor1");
  });

  it("changes with the file", async () => {
    const before = await ask(listing(items(2))).fact(well(), "list");
    const after = await ask(listing(items(2), { digest: `sha256:${"cd".repeat(32)}` })).fact(well(), "list");
    expect(after.value).not.toEqual(before.value);
  });

  it("does not change when some of its tokens end", async () => {
    const living = async (ended: readonly string[]) => {
      const context = contextWithActive({ read: reading({ ended }) });
      const facts = await revokeList.preconditions({ ...context, services: listing(items(3)) }, { list: "leaked-ci" });
      return facts.find(({ name }) => name === "living");
    };
    expect(await living([])).toMatchObject({ ok: true, value: "some", text: "3 of 3 live now" });
    expect(await living(["accessor2"])).toMatchObject({ ok: true, value: "some", text: "2 of 3 live now" });
    expect(await living(["accessor1", "accessor2", "accessor3"])).toMatchObject({ ok: false, value: "none" });
  });

  it("says loudly which of them are root tokens", async () => {
    const context = contextWithActive({ read: reading({ root: ["accessor2"] }) });
    const facts = await revokeList.preconditions({ ...context, services: listing(items(3)) }, { list: "leaked-ci" });
    expect(facts.find(({ name }) => name === "root")).toEqual({
      name: "root",
      ok: true,
      value: [2],
      text: 'ROOT TOKENS are among them: 2 "token-2"',
    });
  });

  const refusals: readonly { name: string; services: ActionServices; fake?: FakeCluster; breaks: string[] }[] = [
    { name: "there is no such list", services: none, breaks: ["list"] },
    { name: "it is empty", services: listing([]), breaks: ["list"] },
    { name: "it is longer than people read", services: listing(items(101)), breaks: ["list"] },
    { name: "our own token is on it", services: listing([item(1), item(2, "own1")]), breaks: ["not-own"] },
    {
      name: "nobody leads",
      services: listing(items(1)),
      fake: createFakeCluster(["standby", "standby"]),
      breaks: ["leader"],
    },
    {
      name: "the token for actions may not do it",
      services: listing(items(1)),
      fake: changed(well(), (fake) => void (fake.operate = ["deny"])),
      breaks: ["permitted"],
    },
  ];
  it.each(refusals)("is refused when $name", async ({ services, fake = well(), breaks }) => {
    expect(await ask(services).broken(fake)).toEqual(breaks);
  });

  it("may be a hundred tokens", async () => {
    expect(await ask(listing(items(100))).broken(well())).toEqual([]);
  });

  it("takes no list of another cluster", async () => {
    expect(await settle(ask(listing(items(1), { cluster: "stage" })).facts(well()))).toMatchObject({
      reason: "invalid-answer",
    });
  });
});

describe("the calls of vault.revoke-list", () => {
  it("are one for each token, in the order of the list", async () => {
    const fake = well();
    expect(await ask(listing(items(3))).perform(fake)).toEqual({ listed: 3, answered: 3, failed: 0 });
    expect(fake.changes.map(({ change, given }) => [change, given[0]])).toEqual([
      ["revokeAccessor", "accessor1"],
      ["revokeAccessor", "accessor2"],
      ["revokeAccessor", "accessor3"],
    ]);
  });

  it("go on after one that failed, and take a token that is gone for revoked", async () => {
    const { called, answer } = await perform({ accessor1: "server-error", accessor2: "not-found" });
    expect(answer).toEqual({ listed: 3, answered: 2, failed: 1 });
    expect(called).toEqual(["accessor1", "accessor2", "accessor3"]);
  });

  it("fail as one when all failed, with the failure after which nobody knows", async () => {
    const { answer } = await perform({ accessor1: "denied", accessor2: "timeout", accessor3: "denied" });
    expect(answer).toMatchObject({ reason: "timeout" });
  });

  it("are not made for a list that is gone since people looked", async () => {
    const fake = well();
    expect(await settle(ask(none).perform(fake))).toMatchObject({ reason: "refused" });
    expect(fake.changes).toEqual([]);
  });

  it("are proven by looking every token up, not by the answers", async () => {
    const fake = Object.assign(well(), { lies: true });
    const asked = ask(listing(items(2)));
    await asked.perform(fake);
    expect(await asked.probe(fake)).toEqual({
      verdict: "not-done",
      evidence: 'vault-0 still knows 2 of the 2 tokens of leaked-ci: 1 "token-1", 2 "token-2"',
    });
    fake.lies = false;
    await asked.perform(fake);
    expect(await asked.probe(fake)).toEqual({
      verdict: "done",
      evidence: "vault-0 knows none of the 2 tokens of leaked-ci",
    });
  });

  it("leave it unknown when the list is gone afterwards", async () => {
    expect(await ask(none).probe(well())).toMatchObject({ verdict: "unknown" });
  });
});

async function perform(fails: Readonly<Record<string, FailureReason>>) {
  const called: string[] = [];
  const context = contextWithActive({
    revokeAccessor: async (accessor) => {
      called.push(accessor);
      const reason = fails[accessor];
      if (reason !== undefined) throw new FailureError({ reason, retryable: false, message: "cannot" });
      await Promise.resolve();
    },
  });
  const answer = await settle(revokeList.perform({ ...context, services: listing(items(3)) }, { list: "leaked-ci" }));
  return { called, answer };
}

/** Reads of a node that knows the tokens of all accessors but those that ended. */
function reading({ ended = [], root = [] }: { ended?: readonly string[]; root?: readonly string[] }) {
  const read: VaultNode["read"] = async ({ path, question, answer }) => {
    const { accessor = "" } = (question ?? {}) as { readonly accessor?: string };
    if (path === "auth/token/lookup-self")
      return answer.parse({ data: { accessor: "own1", path: "auth/token/create" } });
    if (path !== "auth/token/lookup-accessor") throw new Error(`nobody answers ${path}`);
    if (ended.includes(accessor))
      throw new FailureError({ reason: "not-found", retryable: false, message: "cannot find it" });
    const policies = root.includes(accessor) ? ["root"] : ["default"];
    return await Promise.resolve(answer.parse({ data: { display_name: accessor, ttl: 60, policies } }));
  };
  return read;
}
