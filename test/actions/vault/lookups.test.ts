import { describe, expect, it } from "@jest/globals";
import { capabilities } from "../../../src/actions/vault/capabilities.ts";
import { keyStatus } from "../../../src/actions/vault/key-status.ts";
import { leases } from "../../../src/actions/vault/leases.ts";
import { quota } from "../../../src/actions/vault/quota.ts";
import { token } from "../../../src/actions/vault/token.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";
import { contextWithActive, streamOf } from "../with-active.ts";

const answering = (data: unknown) => ({
  read: async <T>({ answer }: { readonly answer: { readonly parse: (body: unknown) => T } }) =>
    await Promise.resolve(answer.parse({ data })),
});

describe("what our token may do", () => {
  it("is permitted to a root token, and on a path that Vault leaves out it is not", async () => {
    const held = { "sys/seal": ["root"], "sys/audit": ["read", "sudo"] };
    const answer = await capabilities.read(contextWithActive(answering(held)), {
      paths: "sys/seal,sys/audit , sys/mounts",
      capability: "sudo",
    });
    expect(answer).toEqual({
      permitted: false,
      missing_paths: ["sys/mounts"],
      paths: [
        { path: "sys/seal", capabilities: ["root"] },
        { path: "sys/audit", capabilities: ["read", "sudo"] },
        { path: "sys/mounts", capabilities: [] },
      ],
    });
  });

  it.each([
    { name: "no path", paths: " , ", said: "names 0" },
    {
      name: "more than twenty",
      paths: Array.from({ length: 21 }, (_, index) => `sys/${index}`).join(","),
      said: "names 21",
    },
  ])("refuses $name before anybody is asked", async ({ paths, said }) => {
    const fake = createFakeCluster(["active"]);
    expect(await settle(capabilities.read(contextOf(fake), { paths }))).toMatchObject({
      reason: "refused",
      message: expect.stringContaining(said),
    });
    expect(fake.calls).toEqual([]);
  });
});

describe("the key that encrypts storage", () => {
  it.each([
    {
      name: "has an age by our clock",
      data: { term: 4, install_time: "2026-01-01T00:00:00.5Z", encryptions: 9 },
      gives: { term: 4, installed_seconds: 1_767_225_600, age_seconds: 3599, encryptions: 9 },
    },
    {
      name: "is not from the future, whatever the clocks say",
      data: { term: 4, install_time: "2026-01-02T00:00:00Z", encryptions: 0 },
      gives: { term: 4, installed_seconds: 1_767_312_000, age_seconds: 0, encryptions: 0 },
    },
    {
      name: "may be of an unknown age",
      data: { term: 1, install_time: "0001-01-01T00:00:00Z" },
      gives: { term: 1, installed_seconds: 0, age_seconds: 0, encryptions: -1 },
    },
  ])("$name", async ({ data, gives }) => {
    const context = { ...contextWithActive(answering(data)), clock: { now: () => Date.UTC(2026, 0, 1, 1) } };
    expect(await keyStatus.read(context, {})).toEqual(gives);
  });
});

describe("the leases below a prefix", () => {
  it("are counted, and ten of them and of the prefixes are named in full", async () => {
    const keys = Array.from({ length: 24 }, (_, index) => (index % 2 === 0 ? `h${index}` : `role-${index}/`));
    const stream = async () => await streamOf(JSON.stringify({ data: { keys } }));
    const answer = await leases.read(contextWithActive({ stream }), { prefix: "auth/userpass/login/" });
    expect(answer).toMatchObject({ leases: 12, prefixes: 12, more: false });
    expect(answer["sample"]).toHaveLength(10);
    expect(answer["sample"]).toContain("auth/userpass/login/h0");
    expect(answer["prefix_names"]).toHaveLength(10);
    expect(answer["prefix_names"]).toContain("auth/userpass/login/role-1/");
  });

  it.each(["", "/", "auth/userpass", "/auth/userpass/"])("are not listed below %j", async (prefix) => {
    const fake = createFakeCluster(["active"]);
    expect(await settle(leases.read(contextOf(fake), { prefix }))).toMatchObject({ reason: "refused" });
    expect(fake.calls).toEqual([]);
  });

  it("are not listed below what would be another path", async () => {
    const answer = await settle(leases.read(contextWithActive({}), { prefix: "auth/../../raw/" }));
    expect(answer).toMatchObject({ reason: "refused" });
  });
});

describe("somebody's token", () => {
  it("is told with its identity's policies, and whether it may do everything", async () => {
    const policies = Array.from({ length: 25 }, (_, index) => `policy-${index}`);
    const data = { ttl: 0, expire_time: null, policies, identity_policies: ["policy-1", "root"], id: "s.secret" };
    const answer = await token.read(contextWithActive(answering(data)), { accessor: "a1" });
    expect(answer).toMatchObject({ exists: true, root: true, ttl_seconds: 0, expires: "" });
    expect(answer["policies"]).toHaveLength(20);
    expect(JSON.stringify(answer)).not.toContain("s.secret");
  });
});

describe("a quota", () => {
  it.each(["..", ".", "a/b", "-a", ""])("is not asked for by %j, which would be another path", async (name) => {
    const fake = createFakeCluster(["active"]);
    expect(await settle(quota.read(contextOf(fake), { name }))).toMatchObject({ reason: "refused" });
    expect(fake.calls).toEqual([]);
  });
});
