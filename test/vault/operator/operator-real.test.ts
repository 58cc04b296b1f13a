import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "@jest/globals";
import { actionPolicies } from "../../../src/actions/policy.ts";
import { actions, checks } from "../../../src/actions/registry.ts";
import type { PolicyRule } from "../../../src/lib/vault-policy.ts";
import { AUDIT_DEVICES } from "../../../src/sandbox/openbao/server-config.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import type { OperatorCall, OperatorSession } from "../../../src/vault/cluster.ts";
import { describeWith } from "../../support/real.ts";
import { startOperatorWorld, type OperatorWorld } from "./operator-world.ts";

const ACTION = "vault.raft-remove-peer";
const CALL: OperatorCall = { action: ACTION, run: "run-7f2", step: "remove", ttlMs: 30_000 };

/** What no minted token may do, whatever it is for: make, keep or find tokens, read or write anything else. */
const FORBIDDEN = [
  "auth/token/create",
  "auth/token/create/sealwatch-operator",
  "auth/token/lookup-self",
  "auth/token/lookup",
  "auth/token/renew-self",
  "auth/token/revoke-self",
  "auth/token/accessors/",
  "auth/approle/role/login",
  "sys/capabilities-self",
  "sys/policies/acl/sealwatch-login",
  "sys/storage/raft/snapshot-force",
  "sys/raw/core",
  "sys/unseal",
  "sys/mounts",
  "sys/audit",
  "identity/entity",
  "secret/data/anything",
];

describeWith(["openbao"], "the credential of an approved call on a real OpenBao", () => {
  let world: OperatorWorld;

  beforeAll(async () => {
    world = await startOperatorWorld();
  });

  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  beforeEach(() => {
    world.exchanges.length = 0;
    world.log.length = 0;
    world.lie = () => undefined;
  });

  afterEach(() => {
    expect(tokensIn(world, world.log)).toEqual([]);
  });

  it.each(policies())(
    "for $action may do what its policy says and nothing else, for the step's time",
    async (policy) => {
      const session = await world.cluster.operator.open({ ...CALL, action: policy.action }, {});
      const token = minted(world);
      const others = policies().flatMap(({ rules }) => rules);
      const paths = [...new Set([...policy.rules, ...others].map(({ path }) => samplePath(path)).concat(FORBIDDEN))];
      const { data: held } = (await world.asRoot("POST", "sys/capabilities", { token, paths })) as Data<
        Record<string, string[]>
      >;
      expect(held).toEqual(Object.fromEntries(paths.map((path) => [path, expected(policy.rules, path)])));
      expect(await lookUp(world, token)).toMatchObject({
        policies: [`sealwatch-${policy.action.replace(".", "-")}`],
        display_name: "token-sealwatch-run-7f2",
        meta: { run: "run-7f2", step: "remove" },
        creation_ttl: 30,
        explicit_max_ttl: 30,
        renewable: false,
        orphan: false,
        type: "service",
      });
      expect(await session.end()).toMatchObject({ revoked: "verified" });
    },
  );

  it("cannot be renewed, by itself or by root", async () => {
    await using session = await opened(world);
    const token = minted(world);
    expect(await world.withToken(token, "POST", "auth/token/renew-self")).toBe(403);
    const active = await world.bao.activeNode();
    const { statusCode, body } = await world.bao.call(active, "POST", "auth/token/renew", { token });
    expect({ statusCode, body }).toEqual({ statusCode: 400, body: { errors: ["lease is not renewable"] } });
    expect(session.revoked()).toBe(false);
  });

  it("makes the call, dies with the step, and a stolen copy of it fails on every node", async () => {
    const session = await world.cluster.operator.open(CALL, {});
    const [login = "", token = ""] = world.tokens();
    const node = await session.cluster.activeNode();
    await node.removeRaftPeer("nobody");
    expect(world.exchanges.at(-1)).toMatchObject({ path: "sys/storage/raft/remove-peer", token, statusCode: 204 });

    const ended = await session.end();

    expect(ended).toEqual({
      revoked: "verified",
      text: `the token of this call was revoked; ${node.name} does not know it any more`,
    });
    for (const stolenAt of world.bao.nodes) {
      expect(await world.withToken(token, "POST", "sys/storage/raft/remove-peer", stolenAt)).toBe(403);
      expect(await world.withToken(token, "GET", "sys/internal/ui/mounts", stolenAt)).toBe(403);
      expect(await world.withToken(login, "GET", "sys/internal/ui/mounts", stolenAt)).toBe(403);
      expect(await world.withToken(login, "POST", "auth/token/create/sealwatch-operator", stolenAt)).toBe(403);
    }
    expect(await session.end()).toBe(ended);
  });

  it("leads from Vault's audit log back to the run and its step", async () => {
    const run = "run-in-the-audit-log";
    const session = await world.cluster.operator.open({ ...CALL, run }, {});
    const node = await session.cluster.activeNode();
    await node.removeRaftPeer("nobody");
    await session.end();
    const [{ file } = { file: "" }] = AUDIT_DEVICES;
    const log = await readFile(join(world.bao.node(node.name).directory, file), "utf8");
    const lines = log.split("\n").filter((line) => line.includes(run));
    const calls = lines.map((line) => JSON.parse(line) as AuditLine).filter(({ type }) => type === "response");
    expect(
      calls.map(({ request: { path }, auth }) => ({ path, name: auth.display_name, meta: auth.metadata })),
    ).toContainEqual({
      path: "sys/storage/raft/remove-peer",
      name: `token-sealwatch-${run}`,
      meta: { run, step: "remove" },
    });
    for (const token of world.tokens()) expect(log).not.toContain(token);
  });

  it("is refused here after the step, before anything is sent", async () => {
    const session = await world.cluster.operator.open(CALL, {});
    const node = await session.cluster.activeNode();
    await session.end();
    const before = world.exchanges.length;
    const late = await failureOf(node.removeRaftPeer("nobody"));
    expect(late.message).toMatch(/^cannot call vault-\d of prod any more: the step is over/u);
    expect(world.exchanges.length).toBe(before);
  });

  it("is there for nobody without an approval, and reading does not need it", async () => {
    const node = await world.cluster.activeNode();
    const before = world.exchanges.length;
    expect(await failureOf(node.removeRaftPeer("nobody"))).toMatchObject({
      reason: "denied",
      message:
        "cannot give a token for actions on prod: no approval, no token; clusters[].operator mints one for each approved call",
    });
    expect(world.exchanges.length).toBe(before);
  });

  it("is in no log, no error and nothing that can be printed", async () => {
    const session = await world.cluster.operator.open(CALL, {});
    const node = await session.cluster.activeNode();
    const failure = await failureOf(node.read({ path: "sys/mounts", token: "read", answer: anything }));
    world.lie = (_, path) => (path === "sys/storage/raft/remove-peer" ? echo(minted(world)) : undefined);
    const echoed = await failureOf(node.removeRaftPeer("nobody"));
    world.lie = () => undefined;
    const ended = await session.end();
    expect(echoed.message).toContain("<redacted Vault token>");
    // The search would find one.
    expect(tokensIn(world, { nested: [{ token: minted(world) }] })).toHaveLength(1);
    expect(world.tokens()).toHaveLength(2);
    expect(tokensIn(world, [session, world.cluster, failure, echoed, ended, world.log])).toEqual([]);
    expect(world.log.map(([, message]) => message)).toEqual([
      "minted a token for one call",
      "revoked the token of a call",
    ]);
  });

  it("is revoked although the node that minted it has stepped down meanwhile", async () => {
    const session = await world.cluster.operator.open(CALL, {});
    const token = minted(world);
    await world.asRoot("POST", "sys/step-down", {});
    expect(await session.end()).toMatchObject({ revoked: "verified" });
    expect(await world.withToken(token, "GET", "sys/internal/ui/mounts")).toBe(403);
  });

  it("is made, used and revoked in the namespace of its login", async () => {
    await world.asRoot("POST", "sys/namespaces/team", {});
    const { cluster, close } = await world.inNamespace("team");
    try {
      const session = await cluster.operator.open({ ...CALL, action: "vault.revoke-prefix" }, {});
      const token = minted(world);
      await (await session.cluster.activeNode()).revokePrefix("auth/approle/none/");
      expect(world.exchanges.at(-1)).toMatchObject({
        path: expect.stringMatching(/^sys\/leases\/revoke-prefix\//u),
        token,
      });
      expect(await world.withToken(token, "GET", "team/sys/internal/ui/mounts")).toBe(200);
      expect(await session.end()).toMatchObject({ revoked: "verified" });
      expect(await world.withToken(token, "GET", "team/sys/internal/ui/mounts")).toBe(403);
    } finally {
      await close();
    }
  });

  const tooMuch: readonly {
    name: string;
    make: (world: OperatorWorld) => Promise<unknown>;
    undo?: (world: OperatorWorld) => Promise<unknown>;
    why: string;
  }[] = [
    {
      name: "the login's entity has a policy of its own",
      make: async (around) => await entity(around, ["extra"]),
      undo: async (around) => await entity(around, []),
      why: "it has more policies than sealwatch-vault-raft-remove-peer: extra (of auth/token/roles/sealwatch-operator, or of the login's entity and groups)",
    },
    {
      name: "the role's tokens outlive their login",
      make: async (around) => await role(around, { orphan: true }),
      why: "it outlives the login that minted it (set orphan=false on auth/token/roles/sealwatch-operator)",
    },
    {
      name: "the login would live for a month",
      make: async (around) => await around.loginRole({ token_ttl: 0, token_max_ttl: 0 }),
      why: "the login's own token lives for 32d, at most 1h is taken",
    },
    {
      name: "nobody wrote the policy",
      make: async (around) => await around.asRoot("DELETE", "sys/policies/acl/sealwatch-vault-raft-remove-peer"),
      why: "Vault has no policy sealwatch-vault-raft-remove-peer, so it may do nothing",
    },
  ];

  it.each(tooMuch)("is not used when $name, and is dead when that is said", async ({ make, undo, why }) => {
    await make(world);
    world.exchanges.length = 0;
    try {
      const refused = await failureOf(world.cluster.operator.open(CALL, {}));
      expect(refused.reason).toBe("refused");
      expect(refused.message).toContain(
        `cannot use the credential that prod gave for ${ACTION}: ${why}. It was not used: `,
      );
      expect(tokensIn(world, refused)).toEqual([]);
      expect(world.tokens().length).toBeGreaterThan(0);
      // An orphan is the one that nobody can revoke: it was made for the step's time, and it is said how long that is.
      const [login, ...children] = world.tokens();
      expect(await world.withToken(login ?? "", "GET", "sys/internal/ui/mounts")).toBe(403);
      const lives = why.startsWith("it outlives") ? 200 : 403;
      for (const child of children) expect(await world.withToken(child, "GET", "sys/internal/ui/mounts")).toBe(lives);
      expect(refused.message).toMatch(
        lives === 200 ? /it ends by itself by \d{4}-/u : /the token of this call was revoked/u,
      );
    } finally {
      await undo?.(world);
      await world.repair();
    }
  });

  const refusals: readonly {
    name: string;
    make: (world: OperatorWorld) => Promise<unknown>;
    says: readonly string[];
  }[] = [
    {
      name: "the role does not allow the policy",
      make: async (around) => await role(around, { allowed_policies: "others" }),
      says: ["cannot mint a token for vault.raft-remove-peer on prod", "must be subset of the role's allowed policies"],
    },
    {
      name: "there is no such role",
      make: async (around) => await around.asRoot("DELETE", "auth/token/roles/sealwatch-operator"),
      says: ["cannot mint a token for vault.raft-remove-peer on prod", "unknown role sealwatch-operator"],
    },
    {
      name: "the login may not mint",
      make: async (around) => await around.loginRole({ token_policies: "nothing" }),
      says: [
        'add: path "auth/token/create/sealwatch-operator" { capabilities = ["update"] }',
        "Of the login: it could not be proved that the token of this call is revoked (vault-",
        'add path "auth/token/revoke-self" { capabilities = ["update"] } to the policy of the login',
      ],
    },
    {
      name: "the login's token has a number of uses",
      make: async (around) => await around.loginRole({ token_num_uses: 5 }),
      says: ["restricted use token cannot generate child tokens"],
    },
    {
      name: "the login is refused",
      make: async (around) => await around.asRoot("DELETE", "auth/approle/role/login"),
      says: ["cannot log in with clusters[].operator.auth of prod for vault.raft-remove-peer", "the login was refused"],
    },
  ];

  it.each(refusals)("says what to do when $name", async ({ make, says }) => {
    await make(world);
    const refused = await failureOf(world.cluster.operator.open(CALL, {}));
    for (const words of says) expect(refused.message).toContain(words);
    await world.repair();
  });

  it("is not believed to be dead because somebody says so: a revocation that does nothing is found out", async () => {
    const session = await world.cluster.operator.open({ ...CALL, ttlMs: 8000 }, {});
    const token = minted(world);
    world.lie = (_, path) => (path === "auth/token/revoke-self" ? { statusCode: 204 } : undefined);
    const { text, revoked } = await session.end();
    expect(revoked).toBe("unverified");
    expect(text).toMatch(
      /^it could not be proved that the token of this call is revoked \(vault-\d still knows it\); it ends by itself by 2\d{3}-.* UTC$/u,
    );
    expect(await world.withToken(token, "GET", "sys/internal/ui/mounts")).toBe(200);
    for (const node of world.bao.nodes) await dead(world, token, node.name);
  });

  it("ends by itself when the node that minted it is frozen, and the step does not wait for it", async () => {
    const session = await world.cluster.operator.open({ ...CALL, ttlMs: 12_000 }, {});
    const token = minted(world);
    const [active, ...others] = await inOrder(world);
    active.suspend();
    try {
      const begun = performance.now();
      await session.end();
      // 5 s is the promise; a machine that is busy with other tests may add to it, never the whole election again.
      expect(performance.now() - begun).toBeLessThan(8000);
      for (const node of others) await dead(world, token, node.name);
    } finally {
      active.resume();
    }
  });

  it("ends by itself when there is no majority to revoke it, and says until when it may live", async () => {
    const session = await world.cluster.operator.open({ ...CALL, ttlMs: 12_000 }, {});
    const token = minted(world);
    const [active, other, last] = await inOrder(world);
    await Promise.all([active.kill(), other.kill()]);
    const { text, revoked } = await session.end();
    expect(revoked).toBe("unverified");
    expect(text).toMatch(/it ends by itself by 2\d{3}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/u);
    await Promise.all([active, other].map(async (node) => await node.start()));
    await Promise.all([active, other].map(async (node) => await node.unseal()));
    await dead(world, token, last.name);
  });

  it("seals every node, standbys first; then it cannot be had or revoked, and dies by its time", async () => {
    const sealing = { ...CALL, action: "vault.seal-cluster", ttlMs: 12_000 };
    const [active, ...standbys] = await inOrder(world);
    const session = await world.cluster.operator.open(sealing, {});
    const token = minted(world);
    for (const { name } of [...standbys, active]) await session.cluster.node(name).seal();
    const seals = world.exchanges.filter(({ path }) => path === "sys/seal");
    // OpenBao's standbys answer 500 for some 100 ms, because they have not heard of the token yet: the call asks again.
    expect(seals.filter(({ statusCode }) => statusCode === 204).map(({ node }) => node)).toHaveLength(3);
    expect(seals.every((seal) => seal.token === token)).toBe(true);
    const { text, revoked } = await session.end();
    expect(revoked).toBe("unverified");
    expect(text).toMatch(/no node is unsealed .*; it ends by itself by /u);
    const refused = await failureOf(world.cluster.operator.open(CALL, {}));
    expect(refused.reason).toBe("sealed");
    expect(refused.message).toContain("only a serving cluster mints and revokes tokens");
    for (const node of world.bao.nodes) await node.unseal();
    for (const node of world.bao.nodes) await dead(world, token, node.name);
  });
});

type Data<T> = { readonly data: T };

type AuditLine = {
  readonly type: string;
  readonly request: { readonly path: string };
  readonly auth: { readonly display_name?: string; readonly metadata?: unknown };
};

const anything = { safeParse: (data: unknown) => ({ success: true, data }) } as never;

function policies() {
  const runbook = { id: "all", steps: [...actions.keys()].map((name) => ({ id: "a", do: name })) };
  return actionPolicies({ runbooks: [runbook as never], checks, actions });
}

/** A rule's path with something where it says "any". */
function samplePath(path: string): string {
  return path.replace(/\*$/u, "any").replaceAll("+", "any");
}

function expected(rules: readonly PolicyRule[], path: string): unknown {
  const rule = rules.find((candidate) => samplePath(candidate.path) === path);
  return rule === undefined ? ["deny"] : [...rule.capabilities].sort();
}

/** The token that was minted last. */
function minted(world: OperatorWorld): string {
  const token = world.tokens().at(-1);
  if (token === undefined) throw new Error("Vault gave no token");
  return token;
}

async function lookUp(world: OperatorWorld, token: string): Promise<unknown> {
  return ((await world.asRoot("POST", "auth/token/lookup", { token })) as Data<unknown>).data;
}

type Failure = { readonly reason: string; readonly message: string };

async function failureOf(task: Promise<unknown>): Promise<Failure> {
  return await task.then(
    () => ({ reason: "none", message: "it went well" }),
    (error: unknown) => error as Failure,
  );
}

/** The tokens of the test that can be read from something, by printing or by its JSON. */
function tokensIn(world: OperatorWorld, ...things: readonly unknown[]): readonly string[] {
  const options = { depth: 12, showHidden: true, maxArrayLength: null, maxStringLength: null, getters: false } as const;
  const printed = things.map((thing) => inspect(thing, options)).join("\n");
  return world.tokens().filter((token) => printed.includes(token));
}

function echo(token: string) {
  return { statusCode: 500, body: { errors: [`a proxy that repeats what it was sent: ${token}`] } };
}

async function opened(world: OperatorWorld): Promise<AsyncDisposable & { readonly revoked: () => boolean }> {
  const session: OperatorSession = await world.cluster.operator.open(CALL, {});
  let over = false;
  return {
    revoked: () => over,
    [Symbol.asyncDispose]: async () => {
      over = (await session.end()).revoked === "verified";
    },
  };
}

/** Gives the login's entity these policies, by the only alias that there is. */
async function entity(world: OperatorWorld, names: readonly string[]): Promise<unknown> {
  const { data } = (await world.asRoot("GET", "identity/entity/id?list=true")) as Data<{ keys: readonly string[] }>;
  return await world.asRoot("POST", `identity/entity/id/${data.keys[0]}`, { policies: names });
}

async function role(world: OperatorWorld, settings: object): Promise<unknown> {
  return await world.asRoot("POST", "auth/token/roles/sealwatch-operator", settings);
}

/** Waits until a node says that it does not know the token. */
async function dead(world: OperatorWorld, token: string, name: string): Promise<void> {
  await waitFor(`${name} not to know the token`, async () => {
    const code = await world.withToken(token, "GET", "sys/internal/ui/mounts", world.bao.node(name));
    return code === 403 ? true : undefined;
  });
}

async function inOrder({ bao }: OperatorWorld) {
  const active = await bao.activeNode();
  const [other, last] = bao.nodes.filter(({ name }) => name !== active.name);
  if (other === undefined || last === undefined) throw new Error("three nodes were started");
  return [active, other, last] as const;
}
