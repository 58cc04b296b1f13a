import { describe, expect, it } from "@jest/globals";
import type { ActionContext } from "../../../src/actions/action.ts";
import { leaseCulprits } from "../../../src/actions/vault/lease-culprits.ts";
import { FailureError } from "../../../src/lib/failure.ts";
import type { VaultNode } from "../../../src/vault/cluster.ts";
import { settle } from "../../contracts/action.contract.ts";
import { contextWithActive, streamOf } from "../with-active.ts";

const LOOKUP = "sys/leases/lookup/";

/** What Vault lists below a prefix, how long it takes for it, and where it does not answer in time. */
type Tree = Readonly<Record<string, readonly string[] | "timeout">>;

/** A context whose active node holds these leases; the mounts are database/ and auth/userpass/. */
function worldOf(tree: Tree, tookMs = 1) {
  let now = 0;
  const asked: string[] = [];
  const stream: VaultNode["stream"] = async ({ path }) => {
    const prefix = decodeURIComponent(path.slice(LOOKUP.length));
    asked.push(prefix);
    now += tookMs;
    const keys = tree[prefix];
    if (keys === "timeout") throw new FailureError({ reason: "timeout", retryable: true, message: "cannot: late" });
    if (keys === undefined) throw new FailureError({ reason: "not-found", retryable: false, message: "cannot: none" });
    return await streamOf(JSON.stringify({ data: { keys } }));
  };
  const context: ActionContext = { ...contextWithActive({ stream }), clock: { now: () => now } };
  return { context, asked };
}

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `h${index}`);
const TREE: Tree = {
  "auth/userpass/": ["login/"],
  "auth/userpass/login/": ["alice/", "bob/"],
  "auth/userpass/login/alice/": ids(2),
  "auth/userpass/login/bob/": ids(3),
  "database/": ["creds/"],
  "database/creds/": ["batch/", "web/"],
  "database/creds/batch/": ids(40),
  "database/creds/web/": ids(5),
};

describe("the culprits of many leases", () => {
  it("are found from the mounts down, the largest first, without looking below the level where leases are", async () => {
    const { context, asked } = worldOf(TREE);
    expect(await leaseCulprits.read(context, {})).toEqual({
      prefix: "database/creds/batch/",
      leases: 40,
      more: false,
      logins: false,
      culprits: [
        { prefix: "database/creds/batch/", leases: 40, more: false },
        { prefix: "database/creds/web/", leases: 5, more: false },
        { prefix: "auth/userpass/login/bob/", leases: 3, more: false },
        { prefix: "auth/userpass/login/alice/", leases: 2, more: false },
      ],
      text: "`database/creds/batch/`: 40 leases\n`database/creds/web/`: 5 leases\n`auth/userpass/login/bob/`: 3 leases\n`auth/userpass/login/alice/`: 2 leases",
      counted: 50,
      complete: true,
      ended: "",
      lists: 8,
    });
    expect(asked).toEqual([
      "auth/userpass/",
      "database/",
      "auth/userpass/login/",
      "database/creds/",
      "auth/userpass/login/alice/",
      "auth/userpass/login/bob/",
      "database/creds/batch/",
      "database/creds/web/",
    ]);
  });

  it("are none where nothing was lent", async () => {
    const { context } = worldOf({});
    expect(await leaseCulprits.read(context, {})).toMatchObject({
      prefix: "",
      leases: 0,
      culprits: [],
      complete: true,
      lists: 2,
    });
  });

  it("begin with the prefix that could not be listed in time, and the search asks for nothing more", async () => {
    const { context, asked } = worldOf({ ...TREE, "auth/userpass/": "timeout" }, 2000);
    expect(await leaseCulprits.read(context, {})).toMatchObject({
      prefix: "auth/userpass/",
      leases: 0,
      more: true,
      logins: true,
      text: "`auth/userpass/`: more leases than can be listed in 2 s",
      complete: false,
      ended: "slow",
    });
    expect(asked).toEqual(["auth/userpass/"]);
  });

  it("are one level as a whole where it has a prefix for every user", async () => {
    const users = Array.from({ length: 31 }, (_, index) => `user-${index}/`);
    const { context, asked } = worldOf({ "auth/userpass/": ["login/"], "auth/userpass/login/": users });
    expect(await leaseCulprits.read(context, {})).toMatchObject({
      prefix: "auth/userpass/login/",
      leases: 31,
      more: true,
      complete: true,
    });
    expect(asked).toHaveLength(3);
  });

  it.each([
    { name: "60 lists", tookMs: 1, ended: "lists", lists: 60 },
    { name: "5 seconds", tookMs: 500, ended: "time", lists: 10 },
  ])("are searched for with $name at most", async ({ tookMs, ended, lists }) => {
    const roles = Array.from({ length: 30 }, (_, index) => `role-${index}/`);
    const deep: Record<string, readonly string[]> = { "database/": roles };
    for (const role of roles) {
      deep[`database/${role}`] = ["creds/"];
      deep[`database/${role}creds/`] = ["h1"];
    }
    const { context, asked } = worldOf(deep, tookMs);
    expect(await leaseCulprits.read(context, {})).toMatchObject({ ended, complete: false, lists });
    expect(asked).toHaveLength(lists);
  });

  it("are not told when a list is denied", async () => {
    const stream = async () =>
      await Promise.reject(new FailureError({ reason: "denied", retryable: false, message: "cannot: denied" }));
    expect(await settle(leaseCulprits.read(contextWithActive({ stream }), {}))).toMatchObject({ reason: "denied" });
  });
});
