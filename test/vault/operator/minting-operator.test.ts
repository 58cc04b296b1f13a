import { inspect } from "node:util";
import { describe, expect, it } from "@jest/globals";
import type { OperatorCall } from "../../../src/vault/cluster.ts";
import { settled } from "../../runner/manual-time.ts";
import { createMintWorld, type MintNodeState, type MintWorld } from "./mint-world.ts";

const CALL: OperatorCall = { action: "vault.step-down", run: "run-7f2", step: "hand_over", ttlMs: 30_000 };
const CREATE = "auth/token/create/sealwatch-operator";

describe("opening the credential of an approved call", () => {
  it("logs in and asks for exactly the action's policy and the step's time, in Vault's audit log under the run's name", async () => {
    const world = createMintWorld();
    await world.operator.open(CALL, {});
    expect(world.calls).toEqual(["vault-0 POST auth/approle/login", `vault-0 POST ${CREATE}`]);
    expect(world.asked).toEqual([
      {
        policies: ["sealwatch-vault-step-down"],
        ttl: "30s",
        explicit_max_ttl: "30s",
        renewable: false,
        no_default_policy: true,
        display_name: "sealwatch run-7f2",
        meta: { run: "run-7f2", step: "hand_over" },
      },
    ]);
  });

  it("names role and policy as configured, before anybody approves", () => {
    const { operator } = createMintWorld({ policyPrefix: "ops-" });
    expect(operator.kind).toBe("minted");
    expect(operator.describe("vault.step-down")).toBe(
      "a token for this call alone, minted when it is approved (approle login at auth/approle, token role sealwatch-operator, " +
        "policy ops-vault-step-down) and revoked after it; while Vault is sealed or has no leader there is none",
    );
  });

  it("asks for whole seconds, as Vault counts, and takes them", async () => {
    const world = createMintWorld();
    await world.operator.open({ ...CALL, ttlMs: 1400 }, {});
    expect(world.asked).toMatchObject([{ ttl: "2s", explicit_max_ttl: "2s" }]);
  });

  it("takes less time than asked for: Vault's own limits may cut it", async () => {
    const world = createMintWorld();
    world.given = { lease_duration: 5 };
    await expect(world.operator.open(CALL, {})).resolves.toBeDefined();
  });

  it.each([
    {
      name: "Vault's default policy too",
      given: { policies: ["default", "sealwatch-vault-step-down"] },
      says: "it has more policies than sealwatch-vault-step-down: default",
    },
    { name: "another policy", given: { policies: ["root"] }, says: "it lacks the policy sealwatch-vault-step-down" },
    { name: "a longer life", given: { lease_duration: 31 }, says: "it lives for 31s instead of 30s" },
    { name: "a life without end", given: { lease_duration: 0 }, says: "it lives for ever instead of 30s" },
    { name: "renewals", given: { renewable: true }, says: "it can be renewed" },
    { name: "a life beyond its login's", given: { orphan: true }, says: "it outlives the login" },
    {
      name: "a policy that nobody wrote",
      given: { warnings: ['Policy "sealwatch-vault-step-down" does not exist'] },
      says: "Vault has no policy sealwatch-vault-step-down",
    },
  ])("revokes at once, and does not use, what was given with $name", async ({ given, says }) => {
    const world = createMintWorld();
    world.given = given;
    const failure = await failureOf(world.operator.open(CALL, {}));
    expect(failure).toMatchObject({ reason: "refused", retryable: false });
    expect(failure.message).toContain(`cannot use the credential that prod gave for vault.step-down: ${says}`);
    expect(failure.message).toContain("It was not used: the token of this call was revoked");
    expect([...world.living]).toEqual([]);
  });

  it.each([
    { name: "a month", seconds: 2_764_800, says: "lives for 32d, at most 1h is taken" },
    { name: "ever", seconds: 0, says: "lives for ever, at most 1h is taken" },
  ])("mints nothing from a login that lives for $name, and revokes it", async ({ seconds, says }) => {
    const world = createMintWorld();
    world.loginSeconds = seconds;
    expect((await failureOf(world.operator.open(CALL, {}))).message).toContain(says);
    expect(world.asked).toEqual([]);
    expect([...world.living]).toEqual([]);
  });

  it.each(["refused", "denied", "timeout", "unreachable", "server-error"] as const)(
    "revokes the login when minting failed with %s: what may have been minted dies with it",
    async (reason) => {
      const world = createMintWorld();
      world.failures.push({ path: CREATE, reason, after: () => world.living.add("minted-canary") });
      const failure = await failureOf(world.operator.open(CALL, {}));
      expect(failure).toMatchObject({ reason });
      expect(failure.message).toMatch(
        /^cannot mint a token for vault.step-down on prod \(token role sealwatch-operator, policy sealwatch-vault-step-down\): cannot call /u,
      );
      expect([...world.living]).toEqual([]);
    },
  );

  it("says so when not even the login could be revoked, and until when it may live", async () => {
    const world = createMintWorld();
    world.failures.push({ path: CREATE, reason: "unreachable", after: () => allAre(world, "gone") });
    const opening = failureOf(world.operator.open(CALL, {}));
    await pass(world, 5000);
    expect((await opening).message).toMatch(
      /Of the login: it could not be proved that the token of this call is revoked \(.*\); it ends by itself by 2023-11-14 22:18:20 UTC; `sealwatch policy actions` prints the role and its policies$/u,
    );
  });

  it.each([
    { name: "sealed", state: "sealed", reason: "sealed" },
    { name: "gone", state: "gone", reason: "unreachable" },
  ] as const)("sends no secret anywhere while every node is $name, and says what to do", async ({ state, reason }) => {
    const world = createMintWorld();
    allAre(world, state);
    const failure = await failureOf(world.operator.open(CALL, {}));
    expect(failure).toMatchObject({ reason });
    expect(failure.message).toMatch(
      /^cannot log in with clusters\[\].operator.auth of prod for vault.step-down: cannot log in to prod: no node is unsealed .*; unseal or start a node first: only a serving cluster mints and revokes tokens$/u,
    );
    expect(world.calls).toEqual([]);
  });

  it("does not wait for a frozen node for longer than 2 s, and mints through another", async () => {
    const world = createMintWorld();
    world.nodes["vault-0"] = "frozen";
    const opening = world.operator.open(CALL, {});
    await pass(world, 2000);
    await opening;
    expect(world.calls).toEqual(["vault-1 POST auth/approle/login", `vault-1 POST ${CREATE}`]);
  });

  it("begins nothing for a step that was aborted", async () => {
    const world = createMintWorld();
    const failure = failureOf(world.operator.open(CALL, { signal: AbortSignal.abort() }));
    await pass(world, 2000);
    expect((await failure).message).toContain("cannot log in with clusters[].operator.auth of prod");
    expect(world.calls).toEqual([]);
  });

  it("logs in anew for every call: nothing is kept", async () => {
    const world = createMintWorld();
    for (const run of ["run-1", "run-2"]) await (await world.operator.open({ ...CALL, run }, {})).end();
    expect(world.calls.filter((call) => call.endsWith("/login"))).toHaveLength(2);
  });
});

describe("using the credential of an approved call", () => {
  it("sends it with calls that change something, and after the end sends nothing any more", async () => {
    const world = createMintWorld();
    const session = await world.operator.open(CALL, {});
    const node = session.cluster.node("vault-1");
    await node.removeRaftPeer("gone");
    expect(world.calls.at(-1)).toBe("vault-1 POST sys/storage/raft/remove-peer");
    await session.end();
    const before = world.calls.length;
    expect(await failureOf(node.removeRaftPeer("gone"))).toMatchObject({
      reason: "denied",
      message:
        "cannot call vault-1 of prod any more: the step is over and its token was given back; approve a step anew",
    });
    expect(world.calls.length).toBe(before);
  });

  it("reads with the token for reading", async () => {
    const { cluster } = await createMintWorld().operator.open(CALL, {});
    await expect(cluster.node("vault-1").raftConfiguration()).resolves.toEqual({ index: 1, servers: [] });
  });

  it("gives the same node for the same node", async () => {
    const { cluster } = await createMintWorld().operator.open(CALL, {});
    expect(cluster.nodes.map(({ name }) => name)).toEqual(["vault-0", "vault-1", "vault-2"]);
    expect(cluster.node("vault-1")).toBe(cluster.nodes[1]);
  });
});

describe("ending the credential of an approved call", () => {
  const VERIFIED = {
    revoked: "verified",
    text: "the token of this call was revoked; vault-0 does not know it any more",
  } as const;

  it("revokes the login, and sees that both tokens are dead", async () => {
    const world = createMintWorld();
    const session = await world.operator.open(CALL, {});
    world.calls.length = 0;
    expect(await session.end()).toEqual(VERIFIED);
    expect(world.calls).toEqual([
      "vault-0 POST auth/token/revoke-self",
      "vault-0 GET sys/internal/ui/mounts",
      "vault-0 GET sys/internal/ui/mounts",
    ]);
    expect(world.time.pending()).toBe(0);
  });

  it("happens once, however often it is asked for", async () => {
    const world = createMintWorld();
    const session = await world.operator.open(CALL, {});
    const [first, second] = await Promise.all([session.end(), session.end()]);
    expect(second).toBe(first);
    expect(world.calls.filter((call) => call.endsWith("revoke-self"))).toHaveLength(1);
  });

  it("goes through the next leader when the first one dies between the call and the revocation", async () => {
    const world = createMintWorld();
    const session = await world.operator.open(CALL, {});
    Object.assign(world.nodes, { "vault-0": "gone" } satisfies Record<string, MintNodeState>);
    world.failures.push({ path: "auth/token/revoke-self", reason: "no-leader" });
    const ending = session.end();
    await pass(world, 100);
    Object.assign(world.nodes, { "vault-2": "active" } satisfies Record<string, MintNodeState>);
    await pass(world, 100);
    expect(await ending).toEqual({ ...VERIFIED, text: VERIFIED.text.replace("vault-0", "vault-2") });
  });

  it("is proved when the first revocation went through and only its answer was lost", async () => {
    const world = createMintWorld();
    const session = await world.operator.open(CALL, {});
    world.failures.push({ path: "auth/token/revoke-self", reason: "timeout", after: () => world.living.clear() });
    const ending = session.end();
    await pass(world, 200);
    expect(await ending).toEqual(VERIFIED);
  });

  it("does not take a standby's word that it never heard of the tokens", async () => {
    const world = createMintWorld();
    const session = await world.operator.open(CALL, {});
    Object.assign(world.nodes, { "vault-0": "gone", "vault-2": "gone" } satisfies Record<string, MintNodeState>);
    world.behind.add("vault-1");
    const ending = session.end();
    await pass(world, 5000);
    expect(await ending).toMatchObject({
      revoked: "unverified",
      text: expect.stringContaining("vault-1 has not heard of it yet"),
    });
    expect([...world.living]).toEqual(["login-canary", "minted-canary"]);
  });

  it.each([
    {
      name: "the revocation does nothing",
      break: (world: MintWorld) => void (world.revokesNothing = true),
      why: "vault-0 still knows it",
    },
    { name: "every node is gone", break: (world: MintWorld) => allAre(world, "gone"), why: "no node is unsealed" },
    { name: "every node is frozen", break: (world: MintWorld) => allAre(world, "frozen"), why: "no node is unsealed" },
    {
      name: "only the active node is frozen, and the others pass nothing on",
      break: (world: MintWorld) => {
        world.nodes["vault-0"] = "frozen";
        for (let call = 0; call < 9; call += 1)
          world.failures.push({ path: "auth/token/revoke-self", reason: "timeout" });
      },
      why: "timeout",
    },
  ])("gives up within 5 s when $name, and says until when the token may live", async ({ break: breakIt, why }) => {
    const world = createMintWorld();
    const session = await world.operator.open(CALL, {});
    breakIt(world);
    let ended: unknown;
    const ending = session.end().then((end) => void (ended = end));
    await pass(world, 4799);
    expect(ended).toBeUndefined();
    await pass(world, 1);
    await ending;
    expect(ended).toMatchObject({ revoked: "unverified", text: expect.stringContaining(why) });
    expect(ended).toMatchObject({ text: expect.stringMatching(/; it ends by itself by 2023-11-14 22:13:50 UTC$/u) });
    expect(world.time.pending()).toBe(0);
    // What was answered well is not asked again; only the look is repeated.
    const answered = world.calls.filter((call) => call.endsWith("revoke-self") && world.revokesNothing);
    expect(answered.length).toBeLessThan(2);
  });

  it("gives up at once when the login may not revoke itself, and names the line", async () => {
    const world = createMintWorld();
    const session = await world.operator.open(CALL, {});
    world.failures.push({ path: "auth/token/revoke-self", reason: "denied" });
    expect(await session.end()).toMatchObject({
      revoked: "unverified",
      text: expect.stringContaining(
        'vault-0 does not let it revoke itself: add path "auth/token/revoke-self" { capabilities = ["update"] } to the policy of the login',
      ),
    });
  });

  it("gives up at once when Vault is sealed: nothing can be revoked then", async () => {
    const world = createMintWorld();
    const session = await world.operator.open(CALL, {});
    allAre(world, "sealed");
    expect(await session.end()).toMatchObject({
      revoked: "unverified",
      text: expect.stringMatching(/no node is unsealed \(vault-0: sealed, .*it ends by itself by /u),
    });
    expect(world.log.at(-1)).toMatchObject([
      "warn",
      "cannot prove that the token of a call is revoked",
      { run: "run-7f2" },
    ]);
  });
});

it("shows neither tokens nor the secret of the login in what is logged, said, thrown or printed", async () => {
  const world = createMintWorld();
  const session = await world.operator.open(CALL, {});
  const ended = await session.end();
  world.given = { orphan: true };
  const failure = await failureOf(world.operator.open(CALL, {}));
  const shown = inspect([session, ended, failure, world.log, world.operator], { depth: 12, showHidden: true });
  expect(shown).toContain("run-7f2");
  expect(shown).not.toMatch(/canary/u);
});

/** What follows from the last call happens before time goes on. */
async function pass(world: MintWorld, milliseconds: number): Promise<void> {
  await settled();
  await world.time.advance(milliseconds);
}

function allAre(world: MintWorld, state: MintNodeState): void {
  for (const name of Object.keys(world.nodes)) world.nodes[name] = state;
}

async function failureOf(task: Promise<unknown>): Promise<{ readonly reason?: string; readonly message: string }> {
  return await task.then(
    () => ({ message: "it went well" }),
    (error: unknown) => error as Error,
  );
}
