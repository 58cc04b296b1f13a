import { describe, expect, it } from "@jest/globals";
import { FailureError } from "../../../src/lib/failure.ts";
import { createFakeCluster, type FakeCluster } from "../fake-cluster.ts";
import { askAction, changed } from "./ask-action.ts";

const ACCESSOR = "kq7uJ2mB9xZcQ1";
const PREFIX = "auth/userpass/login/alice/";
const LIST = `sys/leases/lookup/${PREFIX}`;
const accessor = askAction("vault.revoke-accessor", { accessor: ACCESSOR });
const prefix = askAction("vault.revoke-prefix", { prefix: PREFIX });
const well = (): FakeCluster => createFakeCluster(["active", "standby", "standby"]);

const token = (data: object): FakeCluster =>
  changed(
    well(),
    (fake) =>
      void fake.answers.set("auth/token/lookup-accessor", {
        data: {
          display_name: "ci",
          path: "auth/token/create",
          policies: ["b", "a"],
          type: "service",
          ttl: 60,
          ...data,
        },
      }),
  );
const listed = (...keys: readonly string[]): FakeCluster =>
  changed(
    well(),
    (fake) => void fake.streams.set(LIST, keys.length === 0 ? undefined : JSON.stringify({ data: { keys } })),
  );

describe("vault.revoke-accessor", () => {
  it("tells whose token it is, and never the accessor in full", async () => {
    const facts = await accessor.facts(token({}));
    expect(facts.find(({ name }) => name === "token")).toEqual({
      name: "token",
      ok: true,
      value: { display_name: "ci", path: "auth/token/create", type: "service", orphan: false, policies: ["a", "b"] },
      text: 'kq7uJ2… is "ci", made at auth/token/create, with the policies a, b',
    });
    expect(JSON.stringify(facts)).not.toContain(ACCESSOR);
  });

  const own = { data: { accessor: ACCESSOR, path: "auth/token/create", ttl: 1, expire_time: null } };
  const refusals: readonly { name: string; fake: FakeCluster; breaks: string[] }[] = [
    {
      name: "no token has it",
      fake: changed(well(), (it) => void it.answers.set("auth/token/lookup-accessor", undefined)),
      breaks: ["token"],
    },
    { name: "it is a root token, and that is not said", fake: token({ policies: ["root"] }), breaks: ["root"] },
    { name: "it is a root token by its identity", fake: token({ identity_policies: ["root"] }), breaks: ["root"] },
    {
      name: "it is our own",
      fake: changed(token({}), (it) => void it.answers.set("auth/token/lookup-self", own)),
      breaks: ["not-own"],
    },
    { name: "nobody leads", fake: createFakeCluster(["standby", "standby"]), breaks: ["leader"] },
  ];

  it.each(refusals)("is refused when $name", async ({ fake, breaks }) => {
    expect(await accessor.broken(fake)).toEqual(breaks);
  });

  it("takes a root token when that is said", async () => {
    const said = askAction("vault.revoke-accessor", { accessor: ACCESSOR, root: true });
    expect(await said.broken(token({ policies: ["root"] }))).toEqual([]);
  });

  it("calls nothing for a root token that was none when people looked", async () => {
    const fake = token({ policies: ["root"] });
    await expect(accessor.perform(fake)).rejects.toMatchObject({ reason: "refused" });
    expect(fake.changes).toEqual([]);
  });

  it("is proven by looking it up, not by the answer", async () => {
    const fake = Object.assign(token({}), { lies: true });
    expect(await accessor.perform(fake)).toEqual({ display_name: "ci", path: "auth/token/create" });
    expect(await accessor.probe(fake)).toEqual({
      verdict: "not-done",
      evidence: "vault-0 still knows the token of kq7uJ2…",
    });
    fake.lies = false;
    await accessor.perform(fake);
    expect(await accessor.probe(fake)).toEqual({ verdict: "done", evidence: "vault-0 knows no token of kq7uJ2…" });
  });

  it.each(["hvs.CAESIJ", "s.5jT3J5dC3uHdZeoKRkFixqMc", "b.AAAAAQ", "two words", ""])(
    "takes no token for an accessor: %p",
    async (text) => {
      await expect(askAction("vault.revoke-accessor", { accessor: text }).facts(well())).rejects.toMatchObject({
        reason: "refused",
      });
    },
  );
});

describe("the scope of vault.revoke-prefix", () => {
  const mounts = { data: { "database/": { accessor: "d" }, "aws/prod/": { accessor: "a" }, "sys/": {} } };
  const methods = { data: { "userpass/": { accessor: "u" }, "token/": { accessor: "t" } } };
  const fake = (): FakeCluster =>
    changed(well(), (it) => {
      it.answers.set("sys/mounts", mounts).set("sys/auth", methods);
      it.streams.set("sys/leases/lookup/database/creds/app/", JSON.stringify({ data: { keys: ["a1"] } }));
    });

  const refused: readonly { name: string; prefix: string; says: string }[] = [
    { name: "a whole mount", prefix: "database/", says: "covers the whole of database/" },
    { name: "a whole mount without a slash", prefix: "database", says: "covers the whole of database/" },
    { name: "a mount below a folder", prefix: "aws", says: "covers the whole of aws/prod/" },
    { name: "a whole auth method", prefix: "auth/userpass", says: "covers the whole of auth/userpass/" },
    { name: "all auth methods", prefix: "auth/", says: "every auth method" },
    { name: "everything", prefix: "/", says: "empty or relative part" },
    { name: "an unknown mount", prefix: "databases/creds/app", says: "no secrets engine" },
    { name: "a mount's namesake", prefix: "database2/creds", says: "no secrets engine" },
    { name: "a way up", prefix: "database/creds/../../aws/prod/creds/x", says: "empty or relative part" },
    { name: "an empty part", prefix: "database//creds", says: "empty or relative part" },
    { name: "a slash in front", prefix: "/database/creds/app", says: "empty or relative part" },
    { name: "a wildcard", prefix: "database/creds/*", says: "wildcard" },
    { name: "an encoded slash", prefix: "database/creds%2f..", says: "wildcard" },
    { name: "a space", prefix: "database/creds/app ", says: "a space" },
  ];

  it.each(refused)("refuses $name, counts nothing and calls nothing", async ({ prefix: text, says }) => {
    const asked = askAction("vault.revoke-prefix", { prefix: text });
    const on = fake();
    expect(await asked.broken(on)).toEqual(["scope"]);
    expect((await asked.fact(on, "scope")).text).toContain(says);
    await expect(asked.perform(on)).rejects.toMatchObject({ reason: "refused" });
    expect(on.changes).toEqual([]);
    expect(on.calls.filter(({ method }) => method === "stream")).toEqual([]);
  });

  it.each(["database/creds/app", "database/creds/app/"])(
    "takes a role, with a slash at its end or without: %p",
    async (text) => {
      const asked = askAction("vault.revoke-prefix", { prefix: text });
      const on = fake();
      expect(await asked.broken(on)).toEqual([]);
      expect((await asked.fact(on, "scope")).value).toEqual({ prefix: "database/creds/app/", mount: "database/" });
      expect(await asked.perform(on)).toEqual({ prefix: "database/creds/app/" });
    },
  );

  it("says of a login that it logs people out", async () => {
    expect((await prefix.fact(well(), "scope")).text).toContain("LOGS PEOPLE AND PROGRAMS OUT");
  });

  it("refuses the prefix below which our own token was made", async () => {
    const own = { data: { accessor: "x", path: "auth/userpass/login/alice", ttl: 1, expire_time: null } };
    expect(await prefix.broken(changed(well(), (it) => void it.answers.set("auth/token/lookup-self", own)))).toEqual([
      "not-own",
    ]);
  });
});

describe("the leases of vault.revoke-prefix", () => {
  const many = (count: number): string[] => Array.from({ length: count }, (_, at) => `h${at}0123456789abcdef`);

  it("are counted in words, with three samples cut short, and judged by a class that does not move", async () => {
    const fact = await prefix.fact(listed(...many(12)), "leases");
    expect(fact).toEqual({
      name: "leases",
      ok: true,
      value: "some",
      text: `12 leases below ${PREFIX}, for instance ${PREFIX}h0012345…, ${PREFIX}h1012345…, ${PREFIX}h2012345…`,
    });
    expect((await prefix.fact(listed(...many(13)), "leases")).value).toBe(fact.value);
  });

  it("are many from the bound on", async () => {
    const fact = await prefix.fact(listed(...many(5000)), "leases");
    expect(fact).toMatchObject({ ok: true, value: "many", text: expect.stringContaining("at least 5000 leases") });
  });

  it("are counted on every level below", async () => {
    const fake = listed("h1", "mfa/");
    fake.streams.set(`${LIST}mfa/`, JSON.stringify({ data: { keys: ["h2", "h3"] } }));
    expect((await prefix.fact(fake, "leases")).text).toContain("3 leases below");
  });

  it("must be there", async () => {
    expect(await prefix.broken(listed())).toEqual(["leases"]);
  });

  it("may be too many to be listed in time, which is when they are revoked", async () => {
    const fake = listed("h1");
    const late = new FailureError({ reason: "timeout", retryable: true, message: "cannot read: no answer in 2 s" });
    const active = { ...fake.cluster.node("vault-0"), stream: async () => await Promise.reject(late) };
    const cluster = { ...fake.cluster, activeNode: async () => await Promise.resolve(active) };
    const slow = { ...fake, cluster };
    expect(await prefix.fact(slow, "leases")).toEqual({
      name: "leases",
      ok: true,
      value: "many",
      text: `more leases than can be listed in 2 s below ${PREFIX}`,
    });
    expect(await prefix.probe(slow)).toMatchObject({ verdict: "unknown" });
  });
});

describe("probing vault.revoke-prefix", () => {
  it("finds it done when the list is empty, and not for an answer", async () => {
    const fake = Object.assign(listed("h1", "h2"), { lies: true });
    await prefix.perform(fake);
    expect(await prefix.probe(fake)).toMatchObject({
      verdict: "not-done",
      evidence: expect.stringMatching(/^2 leases left .*not falling/u),
    });
    fake.lies = false;
    await prefix.perform(fake);
    expect(await prefix.probe(fake)).toEqual({ verdict: "done", evidence: `vault-0 lists no lease below ${PREFIX}` });
  });

  it("sees between two counts that they grow fewer", async () => {
    const fake = listed("h1", "h2", "h3");
    const { cluster } = fake;
    const fewer = (): void => void fake.streams.set(LIST, JSON.stringify({ data: { keys: ["h3"] } }));
    const nodes = cluster.nodes.map((node) => ({
      ...node,
      read: async (...[endpoint, options]: Parameters<typeof node.read>) => {
        if (endpoint.path === "sys/leases") fewer();
        return await node.read(endpoint, options);
      },
    })) as typeof cluster.nodes;
    const active = nodes[0];
    if (active === undefined) throw new Error("there is no node");
    const falling = { ...fake, cluster: { ...cluster, nodes, activeNode: async () => await Promise.resolve(active) } };
    expect(await prefix.probe(falling)).toEqual({
      verdict: "unknown",
      evidence: expect.stringMatching(/^1 lease left .*, and falling$/u),
    });
  });

  /** By the fake node's clock. */
  const NOW_MS = Date.parse("2026-01-01T00:00:00Z");
  const CALLED = { at: NOW_MS - 60_000, now: NOW_MS };
  const issued = (fake: FakeCluster, secondsAgo: number): FakeCluster => {
    const issue_time = new Date(NOW_MS - secondsAgo * 1000).toISOString();
    return changed(fake, (it) => void it.answers.set("sys/leases/lookup", { data: { issue_time, ttl: 3600 } }));
  };

  it("finds it done when what is left was made after the call, by the node's clock", async () => {
    expect(await prefix.probe(issued(listed("h1", "h2"), 30), CALLED)).toEqual({
      verdict: "done",
      evidence: `2 leases left below ${PREFIX} on vault-0, all made after the call`,
    });
    expect((await prefix.probe(issued(listed("h1"), 30), CALLED)).evidence).toMatch(/^1 lease left .*, made after/u);
    const behind = { at: CALLED.at - 3_600_000, now: CALLED.now - 3_600_000 };
    expect(await prefix.probe(issued(listed("h1", "h2"), 30), behind)).toMatchObject({ verdict: "done" });
    expect(await prefix.probe(issued(listed("h1", "h2"), 90), behind)).toMatchObject({ verdict: "not-done" });
  });

  it("cannot tell when more are left than it looks up, and those are all new", async () => {
    const keys = Array.from({ length: 201 }, (_, at) => `h${at}`);
    expect(await prefix.probe(issued(listed(...keys), 30), CALLED)).toEqual({
      verdict: "unknown",
      evidence: `201 leases left below ${PREFIX} on vault-0; 200 were made after the call, the others were not looked up`,
    });
    expect(await prefix.probe(issued(listed(...keys.slice(1)), 30), CALLED)).toMatchObject({ verdict: "done" });
    expect(await prefix.probe(issued(listed(...keys), 90), CALLED)).toMatchObject({ verdict: "not-done" });
  });

  it.each([
    { name: "is older", fake: () => issued(listed("h1"), 90) },
    { name: "is hardly younger, which clocks cannot tell", fake: () => issued(listed("h1"), 59) },
    {
      name: "does not tell when it was made",
      fake: () => changed(listed("h1"), (it) => void it.answers.set("sys/leases/lookup", { data: { ttl: 1 } })),
    },
    {
      name: "was given up",
      fake: () =>
        changed(issued(listed("h1"), 30), (it) =>
          it.answers.set("sys/leases", { data: { leases: [{ lease_id: `${PREFIX}h1`, error: "refused" }] } }),
        ),
    },
  ])("finds it not done when a lease $name", async ({ fake }) => {
    expect(await prefix.probe(fake(), CALLED)).toMatchObject({ verdict: "not-done" });
  });

  it("names the irrevocable ones, cut short", async () => {
    const fake = listed("h1");
    const leases = ["h1aaaaaaaaaaaa", "h2"].map((id) => ({ lease_id: PREFIX + id, error: "connection refused" }));
    fake.answers.set("sys/leases", { data: { leases: [...leases, { lease_id: "database/creds/x/1" }] } });
    expect((await prefix.probe(fake)).evidence).toContain(`2 of them irrevocable (${PREFIX}h1aaaaaa…, ${PREFIX}h2)`);
  });

  it.each([
    { name: "nobody leads", fake: () => createFakeCluster(["standby", "standby"]) },
    { name: "the token may not list", fake: () => createFakeCluster(["denied", "standby"]) },
    {
      name: "the addresses lead elsewhere",
      fake: () => Object.assign(listed(), { identity: "wrong-cluster" as const }),
    },
  ])("cannot tell when $name", async ({ fake }) => {
    expect(await prefix.probe(fake())).toMatchObject({ verdict: "unknown" });
  });
});
