import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { policyText } from "../../src/cli/subcommands/policy.ts";
import { createLogger } from "../../src/app/logger.ts";
import { createCleanup } from "../../src/app/cleanup.ts";
import { loadSettings, type Settings } from "../../src/app/load-settings.ts";
import { packageRoot } from "../../src/app/package-files.ts";
import { startApp, type App } from "../../src/app/app.ts";
import { systemClock } from "../../src/app/system.ts";
import { formatFinding } from "../../src/lib/finding.ts";
import type { OpenBaoCluster } from "../../src/sandbox/openbao/openbao.ts";
import { startSlackStandIn, type SlackStandIn } from "../../src/sandbox/slack/stand-in.ts";
import type { StandInMessage } from "../../src/sandbox/slack/workspace.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import type { LoadedRun } from "../../src/runner/ports.ts";
import { startAlertmanager } from "../support/alertmanager.ts";
import { openBaoForTest, type TestClusterOptions } from "../support/openbao.ts";
import { startPrometheus, type RunningPrometheus } from "../support/prometheus.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** The people of the nights: alice starts, bob and carol approve, dave looks. */
export const PEOPLE = { alice: "U0ALICE", bob: "U0BOB", carol: "U0CAROL", dave: "U0DAVE" } as const;

/** What the program wrote to its log, for the search of secrets. */
export type Log = { readonly text: () => string };

/** Everything of a night but sealwatch itself. */
export type Surroundings = AsyncDisposable & {
  readonly cluster: OpenBaoCluster;
  readonly slack: SlackStandIn;
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Writes a configuration for the nodes at these addresses (default: their own). */
  readonly configure: (addresses?: readonly string[]) => Promise<string>;
};

/** A night: sealwatch in this process, with real Prometheus, Alertmanager and OpenBao around it. */
export type NightWorld = AsyncDisposable & {
  readonly app: App;
  readonly cluster: OpenBaoCluster;
  readonly slack: SlackStandIn;
  readonly prometheus: RunningPrometheus;
  readonly log: Log;
  readonly env: Readonly<Record<string, string>>;
  readonly directory: string;
};

/** Starts OpenBao and the stand-in for Slack, and makes a token that may do exactly what `sealwatch policy` prints. */
export async function startSurroundings(options: TestClusterOptions): Promise<Surroundings> {
  const cleanup = createCleanup();
  try {
    const directory = await temporaryDirectory();
    cleanup.add(async () => await directory[Symbol.asyncDispose]());
    const cluster = await openBaoForTest({ clusterName: "prod", ...options });
    cleanup.add(async () => await cluster[Symbol.asyncDispose]());
    const env: Record<string, string> = {
      SLACK_BOT: "xoxb-canary-bot-token-0001",
      SLACK_APP: "xapp-canary-app-token-0001",
      WEBHOOK: "canary-webhook-token-0001",
      VAULT: "none yet",
    };
    const users = Object.entries(PEOPLE).map(([name, id]) => ({ id, name }));
    const slack = await startSlackStandIn({
      users,
      channel: { id: "C0VAULT", name: "vault" },
      botToken: env["SLACK_BOT"] ?? "",
      appToken: env["SLACK_APP"] ?? "",
      clock: systemClock,
    });
    cleanup.add(async () => await slack[Symbol.asyncDispose]());
    await mkdir(join(directory.path, "backups"));
    const configure = async (addresses?: readonly string[]): Promise<string> =>
      await writeConfig({ directory: directory.path, cluster, slack, addresses });
    env["VAULT"] = await cluster.createToken(policyText(await settingsOf(await configure(), env), "all"));
    return { cluster, slack, directory: directory.path, env, configure, [Symbol.asyncDispose]: cleanup.run };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

/** Starts a whole night. */
export async function startNight(options: TestClusterOptions): Promise<NightWorld> {
  const cleanup = createCleanup();
  try {
    const around = await startSurroundings(options);
    cleanup.add(async () => await around[Symbol.asyncDispose]());
    const lines: string[] = [];
    const logger = createLogger("debug", { write: (line: string) => void lines.push(line) });
    const settings = await settingsOf(await around.configure(), around.env);
    const app = await startApp({ settings, env: around.env, logger });
    cleanup.add(app.stop);
    const alertmanagerHome = join(around.directory, "alertmanager");
    const prometheusHome = join(around.directory, "prometheus");
    await Promise.all([mkdir(alertmanagerHome), mkdir(prometheusHome)]);
    const alertmanager = await startAlertmanager({
      directory: alertmanagerHome,
      webhookUrl: `${app.address}/alertmanager`,
      bearerToken: around.env["WEBHOOK"] ?? "",
      groupBy: ["alertname", "vault_cluster"],
      inhibitRules: await shippedInhibitions(),
    });
    cleanup.add(alertmanager.stop);
    const prometheus = await startPrometheus({
      directory: prometheusHome,
      scrape: [{ job: "sealwatch", targets: [new URL(app.address).host] }],
      rules: await impatientRules(prometheusHome),
      alertmanager: alertmanager.address,
    });
    cleanup.add(prometheus.stop);
    const log = { text: () => lines.join("") };
    return {
      app,
      cluster: around.cluster,
      slack: around.slack,
      prometheus,
      log,
      env: around.env,
      directory: around.directory,
      [Symbol.asyncDispose]: cleanup.run,
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

/** Waits until a run is as wanted. */
export async function seeRun(
  app: App,
  runId: string,
  what: string,
  fits: (loaded: LoadedRun) => boolean,
  timeoutMs = 40_000,
): Promise<LoadedRun> {
  return await waitFor(
    `the run ${what}`,
    async () => {
      const loaded = await app.core.runs.get(runId);
      return loaded !== undefined && fits(loaded) ? loaded : undefined;
    },
    { timeoutMs, everyMs: 50 },
  );
}

/** Whether a message's blocks hold a text. */
export function holds(message: StandInMessage, ...texts: readonly string[]): boolean {
  const json = JSON.stringify(message.blocks);
  return texts.every((text) => json.includes(text));
}

/** Loads settings that must be good. */
export async function settingsOf(file: string, env: Readonly<Record<string, string>>): Promise<Settings> {
  const loading = await loadSettings(file, env);
  if (!loading.ok) throw new Error(loading.findings.map(formatFinding).join("\n"));
  return loading.settings;
}

/** The inhibitions that we ship: a sealed node is not a lost peer too. */
async function shippedInhibitions(): Promise<readonly unknown[]> {
  const example = parse(await readFile(join(packageRoot, "alerts", "alertmanager.example.yaml"), "utf8")) as {
    inhibit_rules: readonly unknown[];
  };
  return example.inhibit_rules;
}

/** Our own rules with one second instead of minutes: what they wait for is the same. */
async function impatientRules(directory: string): Promise<readonly string[]> {
  const names = (await readdir(join(packageRoot, "alerts"))).filter((name) => name.endsWith(".rules.yaml"));
  return await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(packageRoot, "alerts", name), "utf8");
      const file = join(directory, name);
      await writeFile(file, text.replaceAll(/^(\s+for:) \d+[smh]$/gmu, "$1 1s"));
      return file;
    }),
  );
}

type Written = {
  readonly directory: string;
  readonly cluster: OpenBaoCluster;
  readonly slack: SlackStandIn;
  readonly addresses: readonly string[] | undefined;
};

async function writeConfig({ directory, cluster, slack, addresses }: Written): Promise<string> {
  const file = join(directory, "sealwatch.yaml");
  const config = {
    listen: "127.0.0.1:0",
    store: { path: join(directory, "sealwatch.db") },
    clusters: [
      {
        name: "prod",
        nodes: cluster.nodes.map(({ name, address }, index) => ({ name, address: addresses?.[index] ?? address })),
        ...(cluster.caFile === "" ? {} : { tls: { caFile: cluster.caFile } }),
        token: { env: "VAULT" },
        backups: [{ name: "local", directory: join(directory, "backups") }],
      },
    ],
    alertmanager: { token: { env: "WEBHOOK" } },
    slack: { appToken: { env: "SLACK_APP" }, botToken: { env: "SLACK_BOT" }, channel: "C0VAULT", apiUrl: slack.apiUrl },
    access: {
      people: [
        { name: "alice", role: "responder", slack: PEOPLE.alice },
        { name: "bob", role: "approver", slack: PEOPLE.bob },
        { name: "carol", role: "approver", slack: PEOPLE.carol },
        { name: "dave", role: "viewer", slack: PEOPLE.dave },
      ],
    },
  };
  await writeFile(file, stringify(config));
  return file;
}
