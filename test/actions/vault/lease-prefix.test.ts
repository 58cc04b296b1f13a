import { describe, expect, it } from "@jest/globals";
import { leasePrefix } from "../../../src/actions/vault/lease-prefix.ts";
import { contextOf } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";
import { contextWithActive, streamOf } from "../with-active.ts";

const LEASE = "sys/leases/lookup/";

describe("the look at a prefix", () => {
  it("gives its number, shortened ids, and the longest life among three", async () => {
    const fake = createFakeCluster(["active", "standby", "standby"]);
    fake.streams.set(
      `${LEASE}database/creds/readonly/`,
      JSON.stringify({ data: { keys: ["abcdefghijkl", "b", "c", "d"] } }),
    );
    expect(await leasePrefix.read(contextOf(fake), { prefix: "database/creds/readonly" })).toEqual({
      allowed: true,
      why: "",
      prefix: "database/creds/readonly/",
      path: "database/creds/readonly",
      mount: "database/",
      logins: false,
      leases: 4,
      more: false,
      count: "4 leases",
      samples: ["database/creds/readonly/abcdefgh…", "database/creds/readonly/b", "database/creds/readonly/c"],
      longest_seconds: 3600,
    });
  });

  it("says that they are logins below an auth method", async () => {
    const context = contextOf(createFakeCluster(["active", "standby", "standby"]));
    expect(await leasePrefix.read(context, { prefix: "auth/userpass/login/alice/" })).toMatchObject({
      allowed: true,
      logins: true,
      leases: 2,
    });
  });

  it.each([
    { prefix: "database/", why: "it covers the whole of database/: name a role below it" },
    { prefix: "database", why: "it covers the whole of database/: name a role below it" },
    { prefix: "auth/userpass", why: "it covers the whole of auth/userpass/: name a role below it" },
    { prefix: "auth/", why: "it is everything, or every auth method" },
    { prefix: "/", why: "it has an empty or relative part, a wildcard or a space in it" },
    { prefix: "database/creds/*", why: "it has an empty or relative part, a wildcard or a space in it" },
    { prefix: "nowhere/creds/batch", why: "no secrets engine and no auth method is mounted there" },
  ])("does not allow $prefix, and does not list it", async ({ prefix, why }) => {
    let lists = 0;
    const stream = async () => {
      lists += 1;
      return await streamOf('{"data":{"keys":["h1"]}}');
    };
    expect(await leasePrefix.read(contextWithActive({ stream }), { prefix })).toMatchObject({
      allowed: false,
      why,
      leases: 0,
    });
    expect(lists).toBe(0);
  });

  it("tells of none when the last lease is gone", async () => {
    const fake = createFakeCluster(["active", "standby", "standby"]);
    fake.streams.set(`${LEASE}database/creds/readonly/`, undefined);
    expect(await leasePrefix.read(contextOf(fake), { prefix: "database/creds/readonly" })).toMatchObject({
      allowed: true,
      leases: 0,
      samples: [],
      longest_seconds: 0,
    });
  });
});
