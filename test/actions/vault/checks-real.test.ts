import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { z } from "zod";
import type { ActionContext, Check, Values } from "../../../src/actions/action.ts";
import { systemClock } from "../../../src/app/system.ts";
import { checks } from "../../../src/actions/registry.ts";
import { renderPolicy, type PolicyRule } from "../../../src/lib/vault-policy.ts";
import type { OpenBaoCluster } from "../../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";
import { createVaultCluster } from "../../../src/vault/create-cluster.ts";
import { settle } from "../../contracts/action.contract.ts";
import { createConnectPort } from "../../../src/http/connect-port.ts";
import { openBaoForTest } from "../../support/openbao.ts";
import { describeWith } from "../../support/real.ts";

/** More than the tokens that the cases make for themselves. */
const LOGINS = 80;
const PREFIX = "auth/userpass/login/alice/";
const NODES = ["vault-0", "vault-1", "vault-2"];
const VERSION = expect.stringMatching(/^\d+\.\d+\.\d+/u);
const ID = expect.stringMatching(/^[0-9a-f-]{36}$/u);
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/u);
const whole = (least: number, most = Number.MAX_SAFE_INTEGER) => ({
  asymmetricMatch: (value: unknown) =>
    Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
  toString: () => `whole number from ${least} to ${most}`,
});

const list = (length: number, first: unknown) => ({
  asymmetricMatch: (value: unknown) =>
    Array.isArray(value) && value.length === length && matches((value as unknown[])[0], first),
  toString: () => `list of ${length}`,
});

/** What is only known once the cluster runs. */
type Facts = { readonly active: string; readonly lease: string; readonly accessor: string };

type Case = {
  readonly name: string;
  readonly with: (facts: Facts) => Values;
  readonly gives: (facts: Facts) => Readonly<Record<string, unknown>>;
};

const NOTHING: Case["with"] = () => ({});

/** What every check of Vault says of a cluster that is well. */
const CASES: readonly Case[] = [
  {
    name: "vault.answer-time",
    with: () => ({ reads: 3 }),
    gives: ({ active }) => ({
      node: active,
      outcome: "answered",
      health_ms: whole(0, 2000),
      answer_ms: whole(0, 999),
      fast: true,
      suspected: false,
      answered: NODES,
      hung: [],
      failed: [],
      nodes: list(3, expect.objectContaining({ node: "vault-0", outcome: "answered" })),
    }),
  },
  {
    name: "vault.audit-devices",
    with: NOTHING,
    gives: () => ({ count: 2, types: ["file"], devices: expect.arrayContaining([{ path: "file-a/", type: "file" }]) }),
  },
  {
    name: "vault.auth-method",
    with: () => ({ path: "userpass" }),
    gives: () => ({ exists: true, methods: 2, paths: ["token/", "userpass/"] }),
  },
  {
    name: "vault.autopilot",
    with: NOTHING,
    gives: ({ active }) => ({
      healthy: true,
      failure_tolerance: 1,
      leader: active,
      servers: 3,
      voters: 3,
      voter_names: expect.arrayContaining(NODES),
      healthy_names: expect.arrayContaining(NODES),
      non_voter_names: [],
      unhealthy_names: [],
    }),
  },
  {
    name: "vault.capabilities",
    with: () => ({ paths: "sys/capabilities-self\nsys/seal", capability: "update" }),
    gives: () => ({
      permitted: false,
      missing_paths: ["sys/seal"],
      paths: [
        { path: "sys/capabilities-self", capabilities: ["update"] },
        { path: "sys/seal", capabilities: ["deny"] },
      ],
    }),
  },
  {
    name: "vault.caught-up",
    with: () => ({ node: "vault-1" }),
    gives: () => ({
      known: true,
      caught_up: true,
      healthy: true,
      index: whole(1),
      leader_index: whole(1),
      lag: whole(0, 100),
    }),
  },
  {
    name: "vault.clocks",
    with: NOTHING,
    // All on one machine: a second is what is lost by rounding.
    gives: () => ({
      nodes: list(3, { name: "vault-0", ahead_seconds: whole(-1, 1) }),
      spread_seconds: whole(0, 1),
      odd_names: [],
      refused: false,
      ours_odd: false,
    }),
  },
  {
    name: "vault.cluster-nodes",
    with: NOTHING,
    gives: () => expect.objectContaining({ product: "openbao", expected: 3, unsealed: 3, sealed: 0, majority: true }),
  },
  {
    name: "vault.cluster-ports",
    with: NOTHING,
    gives: () => ({
      ports: list(3, expect.objectContaining({ reached: true, failure: "" })),
      reached_names: NODES,
      unreached_names: [],
      closed_names: [],
      unknown_names: [],
    }),
  },
  {
    name: "vault.health",
    with: ({ active }) => ({ node: active }),
    gives: () => ({
      reachable: true,
      unsealed: true,
      status_code: 200,
      initialized: true,
      sealed: false,
      standby: false,
      removed: false,
      version: VERSION,
    }),
  },
  {
    name: "vault.host",
    with: NOTHING,
    gives: () =>
      expect.objectContaining({
        nodes: list(3, expect.objectContaining({ name: "vault-0", disk_path: expect.stringMatching(/^\//u) })),
        untold_names: [],
        alone_name: "",
        words: list(3, expect.stringMatching(/^vault-0: disk \d.* CPU \d/u)),
      }),
  },
  {
    name: "vault.identity",
    with: NOTHING,
    gives: () => ({
      agrees: true,
      known: true,
      cluster_id: ID,
      cluster_name: "checks",
      said: 3,
      stranger_names: [],
    }),
  },
  {
    name: "vault.key-ceremonies",
    with: NOTHING,
    gives: () => ({ under_way: false, summary: "no key ceremony is under way", migrating_names: [] }),
  },
  {
    name: "vault.key-status",
    with: NOTHING,
    gives: () => ({ term: 1, installed_seconds: whole(1.7e9), age_seconds: whole(0, 600), encryptions: whole(0) }),
  },
  {
    name: "vault.latency",
    with: NOTHING,
    gives: ({ active }) =>
      expect.objectContaining({
        node: active,
        cause: "healthy",
        metrics: "read",
        unanswered: 0,
        causes: [],
        at_once: 0,
      }),
  },
  {
    name: "vault.leader",
    with: NOTHING,
    gives: ({ active }) => ({
      known: true,
      node: active,
      address: expect.stringContaining("https://"),
      active_nodes: 1,
      answered: 3,
    }),
  },
  {
    name: "vault.lease",
    with: ({ lease }) => ({ lease_id: lease }),
    gives: () => ({ exists: true, ttl_seconds: whole(3000, 3600), renewable: true, expires: TIME, issued: TIME }),
  },
  {
    name: "vault.lease-culprits",
    with: NOTHING,
    gives: () => ({
      prefix: PREFIX,
      leases: LOGINS,
      more: false,
      logins: true,
      culprits: expect.arrayContaining([{ prefix: PREFIX, leases: LOGINS, more: false }]),
      text: expect.stringContaining(`\`${PREFIX}\`: ${LOGINS}`),
      counted: whole(LOGINS, 100),
      complete: true,
      ended: "",
      lists: whole(4, 30),
    }),
  },
  {
    name: "vault.lease-prefix",
    with: () => ({ prefix: PREFIX }),
    gives: () => ({
      allowed: true,
      why: "",
      prefix: PREFIX,
      path: PREFIX.slice(0, -1),
      mount: "auth/userpass/",
      logins: true,
      leases: LOGINS,
      more: false,
      count: `${LOGINS} leases`,
      samples: list(3, expect.stringMatching(/^auth\/userpass\/login\/alice\/.{8}…$/u)),
      longest_seconds: whole(3000, 3600),
    }),
  },
  {
    name: "vault.leases",
    with: () => ({ prefix: PREFIX }),
    gives: ({ lease }) => ({
      leases: LOGINS,
      prefixes: 0,
      sample: list(10, lease),
      prefix_names: [],
      more: false,
    }),
  },
  {
    name: "vault.leases-count",
    with: NOTHING,
    gives: () => ({
      total_known: true,
      total: whole(LOGINS, 100),
      irrevocable: 0,
      irrevocable_by_mount: [],
      more: false,
    }),
  },
  {
    name: "vault.metric",
    with: () => ({ name: "vault_core_active", labels: 'cluster="checks"' }),
    gives: () => ({ found: true, value: 1, samples: 1, not_numbers: 0, sum: 1, max: 1 }),
  },
  {
    name: "vault.new-member",
    with: () => ({ known: "vault-0, vault-1" }),
    gives: () => ({
      joined: true,
      id: "vault-2",
      name: "vault-2",
      address: expect.stringMatching(/^127\.0\.0\.1:\d+$/u),
      voter: true,
      healthy: true,
      lag: whole(0, 100),
      caught_up: true,
      ready: true,
      members: 1,
    }),
  },
  {
    name: "vault.open-nodes",
    with: NOTHING,
    gives: () => ({ open: true, open_nodes: NODES, shut: 0, silent: 0, silent_nodes: [], expected: 3 }),
  },
  {
    name: "vault.quota",
    with: () => ({ name: "everybody" }),
    gives: () => ({ exists: true, rate: 5000.5, interval_seconds: 10, path: "auth/userpass/" }),
  },
  {
    name: "vault.raft-configuration",
    with: NOTHING,
    gives: ({ active }) => ({
      members: 3,
      voters: 3,
      leader: active,
      voter_names: expect.arrayContaining(NODES),
      non_voter_names: [],
      ids: expect.arrayContaining(NODES),
      addresses: list(3, expect.stringMatching(/^127\.0\.0\.1:\d+$/u)),
    }),
  },
  {
    name: "vault.raft-peers",
    with: () => ({ node: "vault-2" }),
    gives: ({ active }) =>
      expect.objectContaining({ leader: active, voters: 3, healthy_voters: 3, quorum: 2, margin: 1 }),
  },
  {
    name: "vault.seal-status",
    with: () => ({ node: "vault-2" }),
    gives: () => expect.objectContaining({ sealed: false, type: "shamir", threshold: 2, shares: 3 }),
  },
  {
    name: "vault.stability",
    with: NOTHING,
    gives: ({ active }) =>
      expect.objectContaining({
        stable: true,
        known: true,
        leader: active,
        leads_seconds: whole(0, 600),
        changes: 0,
        leader_names: [active],
        answering_names: NODES,
        disagreeing_names: [],
      }),
  },
  {
    name: "vault.survivors",
    with: NOTHING,
    gives: () =>
      expect.objectContaining({
        survivor_names: NODES,
        lost_names: [],
        untold_names: [],
        newest_index: whole(1),
        complete: true,
        peers_json: expect.stringMatching(
          /^\[\n {2}\{"id":"vault-0","address":"127\.0\.0\.1:\d+","non_voter":false\},\n/u,
        ),
      }),
  },
  {
    name: "vault.token",
    with: ({ accessor }) => ({ accessor }),
    gives: () => ({
      exists: true,
      display_name: "userpass-alice",
      path: "auth/userpass/login/alice",
      policies: ["default"],
      root: false,
      type: "service",
      ttl_seconds: whole(3000, 3600),
      expires: TIME,
      orphan: true,
    }),
  },
  {
    name: "vault.upgrade-order",
    with: () => ({ target: "99.0.0" }),
    gives: ({ active }) => ({
      settled: true,
      waits_for: "",
      next: expect.stringMatching(/^vault-\d$/u),
      next_address: expect.stringContaining("https://"),
      next_is_leader: false,
      remaining_names: [...NODES.filter((name) => name !== active), active],
      remaining_versions: [VERSION],
      done_names: [],
      newer_names: [],
      unknown_names: [],
      leader: active,
      leader_version: VERSION,
      leader_done: false,
      lost_names: [],
      voters: 3,
      healthy_voters: 3,
      quorum: 2,
      margin: 1,
      stable_seconds: whole(0, 600),
      at_seconds: whole(1.7e9),
    }),
  },
  {
    name: "vault.versions",
    with: () => ({ target: "99.0.0" }),
    gives: () => ({
      nodes: NODES.map((name) => ({ name, version: VERSION })),
      unknown_names: [],
      oldest: VERSION,
      newest: VERSION,
      skew: false,
      edition_skew: false,
      target_newer: true,
      target_older: false,
      target_names: [],
    }),
  },
];

/** Lets pass what its token may not see, and says so. */
const LENIENT = "vault.key-ceremonies";

/** Says that it was refused instead of failing: a refusal is an answer, and that there is one is what it looks for. */
const TELLS_REFUSAL = "vault.answer-time";

/** They tell less without their line, and are not denied. */
const TELL_LESS = [LENIENT, TELLS_REFUSAL, "vault.cluster-ports", "vault.survivors"];

const GUARDED = CASES.filter(({ name }) => !TELL_LESS.includes(name)).flatMap(({ name, ...rest }) => {
  const { policy } = checkNamed(name);
  return policy.map((missing) => ({ ...rest, name, missing, path: missing.path }));
});

describeWith(["openbao", "openssl"], "the checks of Vault on a real cluster", () => {
  let server: OpenBaoCluster;
  let facts: Facts;
  const opened: VaultCluster[] = [];

  /** The context of a cluster that is read with a token of exactly this policy, or without any. */
  const contextWith = async (rules: readonly PolicyRule[] | undefined): Promise<ActionContext> => {
    const token = rules === undefined ? undefined : await server.createToken(renderPolicy(rules));
    const cluster = createVaultCluster(
      {
        name: "checks",
        product: "auto",
        nodes: server.nodes.map(({ name, address }) => ({ name, address })),
        tls: { caFile: server.caFile },
        ...(token === undefined ? {} : { token: { env: "TOKEN" } }),
      },
      { identityMemory: { load: () => undefined, save: () => {} }, env: { TOKEN: token } },
    );
    opened.push(cluster);
    return {
      cluster,
      clock: systemClock,
      signal: AbortSignal.timeout(30_000),
      services: { connectPort: createConnectPort(systemClock) },
    };
  };

  beforeAll(async () => {
    server = await openBaoForTest({ nodes: 3, clusterName: "checks" });
    facts = await prepare(server);
  });

  afterAll(async () => {
    await Promise.all(opened.map(async (cluster) => await cluster.close()));
    await server[Symbol.asyncDispose]();
  });

  it("are all here", () => {
    const names = [...checks.keys()].filter((name) => name.startsWith("vault.")).sort();
    expect(CASES.map(({ name }) => name).sort()).toEqual(names);
  });

  it.each(CASES)("$name tells what is so, with a token of just its policy", async ({ name, ...example }) => {
    const check = checkNamed(name);
    const context = await contextWith(check.policy.length === 0 ? undefined : check.policy);

    // Metrics and autopilot's state are some seconds old.
    const read = async () => await check.read({ ...context, signal: AbortSignal.timeout(10_000) }, example.with(facts));
    const seen = async () => ((await matchesNow(read, example.gives(facts))) ? true : undefined);
    await waitFor(`${name} as expected`, seen, { timeoutMs: 15_000 }).catch(() => undefined);

    expect(await read()).toEqual(example.gives(facts));
  });

  it.each(GUARDED)("$name is denied without its line for $path", async ({ name, missing, ...example }) => {
    const rest = checkNamed(name).policy.filter((rule) => rule !== missing);
    const context = await contextWith([...rest, { path: "sys/config/cors", capabilities: ["read"] }]);

    const answer = await settle(checkNamed(name).read(context, example.with(facts)));

    expect(answer).toMatchObject({ reason: "denied", message: expect.stringContaining("add: path ") });
  });

  it(`${LENIENT} says that it could not see what its token may not read`, async () => {
    const context = await contextWith([{ path: "sys/config/cors", capabilities: ["read"] }]);
    expect(await checkNamed(LENIENT).read(context, {})).toEqual({
      under_way: false,
      summary: "it could not be seen everywhere whether key holders are in a ceremony: ask them",
      migrating_names: [],
    });
  });

  it("vault.survivors and vault.cluster-ports do without a token, and know less", async () => {
    const context = await contextWith(undefined);
    const left = await checkNamed("vault.survivors").read(context, {});
    expect(left).toMatchObject({ survivor_names: NODES, complete: false, newest_index: whole(1) });
    const ports = await checkNamed("vault.cluster-ports").read(context, {});
    expect(ports).toMatchObject({ reached_names: [facts.active], closed_names: [] });
  });

  it("vault.answer-time says that it was refused, and suspects nothing, without its line", async () => {
    const context = await contextWith([{ path: "sys/config/cors", capabilities: ["read"] }]);
    const answer = await checkNamed(TELLS_REFUSAL).read(context, {});
    expect(answer).toMatchObject({ node: facts.active, outcome: "refused", suspected: false, fast: false });
  });

  it("vault.lease and vault.token say of an unknown id that it does not exist, in whatever form", async () => {
    for (const [name, key] of [["vault.lease", "lease_id"] as const, ["vault.token", "accessor"] as const]) {
      const check = checkNamed(name);
      const context = await contextWith(check.policy);
      for (const id of ["nothing", `${PREFIX}h1`, "ü / ?", "x".repeat(5000)]) {
        expect(await settle(check.read(context, { [key]: id }))).toMatchObject({ exists: false });
      }
    }
  });

  it("vault.quota says of an unknown name that it does not exist", async () => {
    const check = checkNamed("vault.quota");
    const answer = await check.read(await contextWith(check.policy), { name: "nobody" });
    expect(answer).toEqual({ exists: false, rate: 0, interval_seconds: 0, path: "" });
  });

  it("vault.auth-method says of a path that nobody has that it is not there, and takes one with a slash", async () => {
    const check = checkNamed("vault.auth-method");
    const context = await contextWith(check.policy);
    expect(await check.read(context, { path: "oidc/staff" })).toMatchObject({ exists: false, methods: 2 });
    expect(await check.read(context, { path: "userpass/" })).toMatchObject({ exists: true });
  });

  it("vault.leases tells of prefixes, and of nothing at all", async () => {
    const check = checkNamed("vault.leases");
    const context = await contextWith(check.policy);
    expect(await check.read(context, { prefix: "auth/userpass/" })).toMatchObject({
      leases: 0,
      prefixes: 1,
      prefix_names: ["auth/userpass/login/"],
    });
    expect(await check.read(context, { prefix: "database/creds/" })).toMatchObject({ leases: 0, prefixes: 0 });
  });

  it("vault.metric does not find what Vault never set", async () => {
    const check = checkNamed("vault.metric");
    const context = await contextWith(check.policy);
    expect(await check.read(context, { name: "vault_core_activ" })).toMatchObject({ found: false, samples: 0 });
    const other = { name: "vault_core_active", labels: 'cluster="other"' };
    expect(await check.read(context, other)).toMatchObject({ found: false, samples: 0 });
  });

  it("vault.identity sees a cluster that is not the pinned one, and does not fail", async () => {
    const cluster = createVaultCluster(
      {
        name: "checks",
        product: "auto",
        clusterId: "00000000-0000-0000-0000-000000000000",
        nodes: server.nodes.map(({ name, address }) => ({ name, address })),
        tls: { caFile: server.caFile },
      },
      { identityMemory: { load: () => undefined, save: () => {} } },
    );
    opened.push(cluster);
    const context = await contextWith(undefined);
    expect(await checkNamed("vault.identity").read({ ...context, cluster }, {})).toMatchObject({
      agrees: false,
      known: true,
      cluster_id: "00000000-0000-0000-0000-000000000000",
      said: 3,
      stranger_names: NODES,
    });
  });

  it("show neither the token nor the accessor that they asked with", async () => {
    const { accessor } = facts;
    const check = checkNamed("vault.token");
    const shown = JSON.stringify(await check.read(await contextWith(check.policy), { accessor }));
    expect(shown).not.toContain(accessor);
    expect(shown).not.toMatch(/\b[sh]\.[A-Za-z0-9]{20,}/u);
  });
});

function checkNamed(name: string): Check {
  const check = checks.get(name);
  if (check === undefined) throw new Error(`there is no check ${name}`);
  return check;
}

async function matchesNow(read: () => Promise<Values>, expected: unknown): Promise<boolean> {
  const answer = await settle(read());
  return !(answer instanceof Error) && matches(answer, expected);
}

function matches(answer: unknown, expected: unknown): boolean {
  try {
    expect(answer).toEqual(expected);
    return true;
  } catch {
    return false;
  }
}

/** Makes a user who logged in many times, and a quota. */
async function prepare(server: OpenBaoCluster): Promise<Facts> {
  const active = await server.activeNode();
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await server.call(active, method, path, body);
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer.body;
  };
  await call("POST", "sys/auth/userpass", { type: "userpass" });
  await call("POST", "auth/userpass/users/alice", { password: "only-for-this-test", token_ttl: "1h" });
  await call("POST", "sys/quotas/rate-limit/everybody", { rate: 5000.5, interval: "10s", path: "auth/userpass" });
  const Login = z.object({ auth: z.object({ accessor: z.string() }) });
  const login = async () =>
    Login.parse(await call("POST", "auth/userpass/login/alice", { password: "only-for-this-test" }));
  // One after the other: a burst of bcrypt takes the leader its heartbeats.
  const logins = [];
  while (logins.length < LOGINS) logins.push(await login());
  const Keys = z.object({ data: z.object({ keys: z.array(z.string()) }) });
  const { keys } = Keys.parse(await call("GET", `sys/leases/lookup/${PREFIX}?list=true`)).data;
  return { active: active.name, lease: `${PREFIX}${keys[0] ?? ""}`, accessor: logins[0]?.auth.accessor ?? "" };
}
