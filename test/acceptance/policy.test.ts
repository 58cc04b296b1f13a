import { expect, it, jest } from "@jest/globals";
import { join } from "node:path";
import { policyText } from "../../src/cli/subcommands/policy.ts";
import type { ActionServices } from "../../src/actions/services.ts";
import { checks, actions } from "../../src/actions/registry.ts";
import { openCore } from "../../src/app/core.ts";
import { systemClock } from "../../src/app/system.ts";
import { collect } from "../../src/exporter/collect.ts";
import { createCollectors } from "../../src/exporter/registry.ts";
import type { Action, Check, Values } from "../../src/actions/action.ts";
import type { Settings } from "../../src/app/load-settings.ts";
import { toFailure } from "../../src/lib/failure.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import type { PolicyRule } from "../../src/lib/vault-policy.ts";
import type { Step } from "../../src/runbook/schema.ts";
import { allSteps } from "../../src/runbook/step-path.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { createVaultCluster } from "../../src/vault/create-cluster.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";
import { describeWith } from "../support/real.ts";
import { settingsOf, startSurroundings, type Surroundings } from "./night-world.ts";

/*
 * Least privilege on a real server: what `sealwatch policy` prints is enough (both nights run with nothing more), and whatever line of it is
 * missing, the error of the call that needs it names that line.
 */
jest.setTimeout(240_000);

const signal = new AbortController().signal;

const SUSPECT = { id: 1, accessor: "nobody-has-it", displayName: "token-ci", requests: 1 };

/** Lines for what this server is not (Vault, Enterprise, unsealed by a KMS) and has not (leases to revoke, audit devices to disable): test/actions has them. */
const ELSEWHERE = [
  "sys/config/state/sanitized",
  "sys/leases",
  "sys/leases/lookup",
  "sys/leases/revoke-prefix/*",
  "sys/generate-root/attempt",
  "sys/license/status",
  "sys/rekey-recovery-key/init",
  "sys/rekey/init",
  "sys/rotate/recovery/init",
];

describeWith(["openbao", "openssl"], "the policy that sealwatch prints", () => {
  it("has no line that can be left out: with one removed, the error names the line to add", async () => {
    await using around = await startSurroundings({ nodes: 1, seal: { type: "shamir", shares: 1, threshold: 1 } });
    // A list of quotas leads to a read of each: without one, the line for that is never needed.
    const leader = await around.cluster.activeNode();
    await around.cluster.call(leader, "POST", "sys/quotas/rate-limit/global", { rate: 100_000 });
    const settings = await settingsOf(await around.configure(), around.env);
    const all = policyText(settings, "all")
      .split("\n")
      .filter((line) => line.startsWith("path "));
    const lines = all.filter((line) => !ELSEWHERE.some((path) => line.startsWith(`path "${path}"`)));
    // Whatever stands here is in the policy, and this cluster is read whole without it.
    expect(all.length).toBe(lines.length + ELSEWHERE.length);
    expect(lines.length).toBeGreaterThan(10);
    // Vault's own gauge of leases appears some seconds after the start.
    await waitFor("no complaint", async () => {
      const complaints = await complaintsWith(around, settings, lines);
      if (complaints.length > 0) throw new Error(complaints.join("\n"));
      return true;
    });
    const silent: string[] = [];
    for (const missing of lines) {
      const rest = lines.filter((line) => line !== missing);
      const complaints = await complaintsWith(around, settings, rest, missing);
      const unnamed = complaints.filter((complaint) => !standsFor(missing).test(complaint));
      expect({ missing, unnamed }).toEqual({ missing, unnamed: [] });
      if (complaints.length === 0) silent.push(missing);
    }
    expect(silent).toEqual([]);
  });

  it("is not needed to start: without any token the sealed-node runbook and the token-free metrics work", async () => {
    await using around = await startSurroundings({ nodes: 1, seal: { type: "shamir", shares: 1, threshold: 1 } });
    await around.cluster.node("vault-0").seal();
    const settings = await settingsOf(await around.configure(), around.env);
    const config = {
      ...settings.config,
      store: { path: join(around.directory, "no-token.db") },
      clusters: settings.config.clusters.map(({ token: _token, ...rest }) => rest),
    };
    const core = await openCore({ config, env: around.env, catalog: () => settings.runbooks, logger: silentLogger });
    try {
      await core.runs.begin();
      const by = { id: "alice", name: "alice", role: "responder", groups: [] } as const;
      const started = await core.runs.start({
        runbook: "sealed-node",
        inputs: { cluster: "prod", node: "vault-0" },
        by,
        origin: { surface: "cli" },
      });
      if (!started.ok) throw new Error(started.why);
      const at = await waitFor("the manual step", async () => {
        const run = (await core.runs.get(started.runId))?.run;
        return run?.status === "open" && run.phase.name === "manual" ? run.phase.step : undefined;
      });
      expect(at).toBe("each[0].key_shares");
    } finally {
      await core.close();
    }
  });
});

/** Finds the line in an error, which names the path and the capability of the call: the line of the policy may stand for many. */
function standsFor(line: string): RegExp {
  const path = /^path "(?<path>[^"]+)"/u.exec(line)?.groups?.["path"] ?? line;
  const literal = path.replaceAll(/[.*+]/gu, String.raw`\$&`);
  const pattern = literal.replaceAll(String.raw`\*`, '[^"]*').replaceAll(String.raw`\+`, '[^"/]+');
  return new RegExp(`path "${pattern}" \\{ capabilities = `, "u");
}

/** Makes every call that needs a token (with `missing` those that need that line), with a token that has these lines, and gives what was complained of. */
async function complaintsWith(
  around: Surroundings,
  settings: Settings,
  lines: readonly string[],
  missing?: string,
): Promise<readonly string[]> {
  const token = await around.cluster.createToken(lines.join("\n"));
  const [entry] = settings.config.clusters;
  if (entry === undefined) throw new Error("no cluster");
  const cluster = createVaultCluster(
    { ...entry, token: { env: "TOKEN" } },
    { env: { TOKEN: token }, identityMemory: { load: () => undefined, save: () => {} } },
  );
  try {
    const told = await Promise.all([...collectorCalls(cluster), ...runbookCalls(cluster, settings, missing)]);
    return told.flat();
  } finally {
    await cluster.close();
  }
}

/** One scrape, as `/metrics` makes it. */
function collectorCalls(cluster: VaultCluster): readonly Promise<readonly string[]>[] {
  const collectors = createCollectors({ backups: [] }).filter(({ policy }) => policy.length > 0);
  const scrape = collect({ clusters: [cluster], collectors, clock: systemClock, signal, timeoutMs: 5000 });
  return [scrape.then((outcomes) => outcomes.flatMap(({ failure }) => failure?.message ?? []))];
}

/** What the steps of the runbooks in use read, and what the calls of their actions need. */
function runbookCalls(
  cluster: VaultCluster,
  { runbooks }: Settings,
  missing: string | undefined,
): readonly Promise<readonly string[]>[] {
  const concerns = (rules: readonly PolicyRule[]): boolean =>
    // Whether it may call is what every action asks.
    missing?.startsWith('path "sys/capabilities-self"') !== false ||
    rules.some(({ path }) => missing.startsWith(`path "${path}"`));
  const context = { cluster, clock: systemClock, signal, services: SERVICES };
  const steps = [...runbooks.values()].flatMap(({ runbook }) => allSteps({ runbook, included: {} }));
  const used = new Set(steps.flatMap(({ step }) => namesOf(step)));
  const reads = [...checks.values()]
    .filter(({ name, policy }) => used.has(name) && policy.length > 0 && concerns(policy))
    .map(async (check) => await check.read(context, inputFor(check)));
  // A node that raft does not know is removed from nothing, but the server judges the policy before it looks.
  const removal = cluster.activeNode().then(async (node) => await node.removeRaftPeer("nobody"));
  const preconditions = [...actions.values()]
    .filter(({ name, policy, grants }) => used.has(name) && concerns([...policy, ...grants]))
    .map(async (action) => {
      const facts = await action.preconditions(context, inputFor(action));
      // Whether the token may act is asked before people are; without the right to ask, the fact says which line is missing.
      return facts.filter(({ name, value }) => name === "permitted" && value !== "permitted").map(({ text }) => text);
    });
  const quiet = [...reads, removal].map(async (call) => {
    await call;
    return [];
  });
  return [...quiet, ...preconditions].map(
    async (call) => await call.catch((error: unknown) => [toFailure(error).message]),
  );
}

function namesOf(step: Step): readonly string[] {
  if ("check" in step) return [step.check];
  if ("wait" in step) return [step.wait];
  if ("do" in step) return [step.do];
  return "manual" in step && step.watch !== undefined ? [step.watch.check] : [];
}

/** What a runbook's inputs would give; a check or an action that wants something else belongs here. */
const INPUTS: readonly Values[] = [
  {},
  { node: "vault-0" },
  { cluster: "prod" },
  { name: "vault_seal_unreachable_time" },
  { name: "before.snap" },
  { target: "99.0.0" },
  { path: "userpass" },
  { prefix: "database/creds/readonly" },
  { known: "vault-0" },
  { device: "file-a" },
  { name: "emergency", path: "auth/userpass/", rate: 1, interval_seconds: 60 },
  { list: "leaked" },
  { term: 1 },
];

/** What runbooks in use look at besides the cluster. */
const SERVICES: ActionServices = {
  connectPort: async () => await Promise.resolve({ reached: true, milliseconds: 1, failure: "" }),
  investigations: {
    find: async (cluster) =>
      await Promise.resolve({ cluster, digest: "sha256:00", madeAt: 0, unresolved: 0, items: [SUSPECT] }),
  },
};

function inputFor({ name, input }: Check | Action): Values {
  const fitting = INPUTS.find((values) => input.safeParse(values).success);
  if (fitting === undefined) throw new Error(`a runbook in use has ${name}: give it an input in INPUTS`);
  return fitting;
}
