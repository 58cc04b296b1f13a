import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { actions, checks } from "../../actions/registry.ts";
import { policyFor } from "../../actions/policy.ts";
import { startApp, type App } from "../../app/app.ts";
import { createCleanup } from "../../app/cleanup.ts";
import { declarations } from "../../app/core.ts";
import { loadSettings } from "../../app/load-settings.ts";
import { builtinRunbooks } from "../../app/package-files.ts";
import { systemClock, systemIds } from "../../app/system.ts";
import { loadCatalog } from "../../catalog/load.ts";
import { createCollectors } from "../../exporter/registry.ts";
import { formatFinding } from "../../lib/finding.ts";
import type { Logger } from "../../lib/logger.ts";
import { mergePolicy, type PolicyRule } from "../../lib/vault-policy.ts";
import { startAlerting } from "../../sandbox/alerting/start-alerting.ts";
import { startSlackStandIn, type SlackStandIn } from "../../sandbox/slack/stand-in.ts";
import { CLUSTER, startDemoOpenBao, startDemoSimulation, type DemoCluster } from "./demo-cluster.ts";

/** The people of the demo. */
export const PEOPLE = { alice: "U0ALICE", bob: "U0BOB", carol: "U0CAROL", dave: "U0DAVE" } as const;

/** DemoWorld is everything that the demo runs, in one process, on loopback. */
export type DemoWorld = AsyncDisposable & {
  readonly app: App;
  readonly cluster: DemoCluster;
  readonly slack: SlackStandIn;
  /** The configuration that it runs with. */
  readonly configFile: string;
};

/** Starts a cluster, a stand-in for Slack, sealwatch itself, and a stand-in for Prometheus and Alertmanager. */
export async function startDemoWorld(options: {
  readonly vaultBin: string | undefined;
  readonly port: number;
  readonly logger: Logger;
}): Promise<DemoWorld> {
  const cleanup = createCleanup();
  try {
    const directory = await mkdtemp(join(tmpdir(), "sealwatch-demo-"));
    cleanup.add(async () => await rm(directory, { recursive: true, force: true }));
    const policy = await fullPolicy();
    const cluster =
      options.vaultBin === undefined
        ? await startDemoSimulation(policy)
        : await startDemoOpenBao(options.vaultBin, directory, policy);
    cleanup.add(async () => await cluster[Symbol.asyncDispose]());
    const secrets = {
      SLACK_BOT: `xoxb-${systemIds.next("demo")}`,
      SLACK_APP: `xapp-${systemIds.next("demo")}`,
      WEBHOOK: systemIds.next("webhook"),
      VAULT: cluster.token,
    };
    const users = Object.entries(PEOPLE).map(([name, id]) => ({ id, name }));
    const slack = await startSlackStandIn({
      users,
      channel: { id: "C0VAULT", name: "vault" },
      botToken: secrets.SLACK_BOT,
      appToken: secrets.SLACK_APP,
      clock: systemClock,
    });
    cleanup.add(async () => await slack[Symbol.asyncDispose]());
    const configFile = await writeConfig({ directory, cluster, slack, port: options.port });
    const settings = await loadSettings(configFile, secrets);
    if (!settings.ok) throw new Error(settings.findings.map(formatFinding).join("\n"));
    const app = await startApp({ settings: settings.settings, env: secrets, logger: options.logger });
    cleanup.add(app.stop);
    const alerting = startAlerting({ address: app.address, token: secrets.WEBHOOK, everyMs: 500 });
    cleanup.add(async () => await alerting[Symbol.asyncDispose]());
    return { app, cluster, slack, configFile, [Symbol.asyncDispose]: cleanup.run };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

/** What `sealwatch policy` prints for the demo's configuration. */
async function fullPolicy(): Promise<readonly PolicyRule[]> {
  const { runbooks } = await loadCatalog({ directory: builtinRunbooks, declarations });
  const collectors = createCollectors({ backups: [] });
  const sources = { runbooks: [...runbooks.values()].map(({ runbook }) => runbook), checks, actions };
  return mergePolicy([...collectors.flatMap((collector) => collector.policy), ...policyFor(sources)]);
}

type Written = {
  readonly directory: string;
  readonly cluster: DemoCluster;
  readonly slack: SlackStandIn;
  readonly port: number;
};

async function writeConfig({ directory, cluster, slack, port }: Written): Promise<string> {
  const backups = join(directory, "backups");
  await mkdir(backups);
  await writeFile(join(backups, "demo.snap"), "not a real snapshot\n");
  const file = join(directory, "sealwatch.yaml");
  const config = {
    listen: `127.0.0.1:${port}`,
    store: { path: join(directory, "sealwatch.db") },
    clusters: [
      {
        name: CLUSTER,
        nodes: cluster.nodes.map(({ name, address }) => ({ name, address })),
        ...(cluster.caFile === "" ? {} : { tls: { caFile: cluster.caFile } }),
        token: { env: "VAULT" },
        backups: [{ name: "demo", directory: backups }],
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
