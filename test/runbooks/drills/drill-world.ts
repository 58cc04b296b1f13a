import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { policyText } from "../../../src/cli/subcommands/policy.ts";
import { startApp, type App } from "../../../src/app/app.ts";
import { createCleanup } from "../../../src/app/cleanup.ts";
import { createLogger } from "../../../src/app/logger.ts";
import { systemClock } from "../../../src/app/system.ts";
import type { OpenBaoCluster } from "../../../src/sandbox/openbao/openbao.ts";
import { startSlackStandIn, type SlackStandIn } from "../../../src/sandbox/slack/stand-in.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { settingsOf } from "../../acceptance/night-world.ts";
import { ACCESS, USERS } from "../../support/slack-people.ts";
import { tellAlert } from "../../support/tell-alert.ts";
import { openBaoForTest, type TestClusterOptions } from "../../support/openbao.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** What a drill is made of, besides the cluster. */
export type DrillOptions = {
  /** Addresses under which sealwatch reaches the nodes, by name, where they are not their own. */
  readonly addresses?: (cluster: OpenBaoCluster) => Readonly<Record<string, string>>;
  /** More keys of the configuration file's top level. */
  readonly config?: (place: { readonly directory: string; readonly cluster: OpenBaoCluster }) => object;
  /** More keys of the cluster's entry. */
  readonly entry?: (place: { readonly directory: string; readonly cluster: OpenBaoCluster }) => object;
};

/** sealwatch in this process, a real cluster, and the stand-in for Slack. */
export type DrillWorld = AsyncDisposable & {
  readonly app: App;
  readonly cluster: OpenBaoCluster;
  readonly slack: SlackStandIn;
  readonly directory: string;
  readonly log: () => string;
  /** Every secret of this world: none may appear anywhere. */
  readonly secrets: () => readonly string[];
  /** Says as Alertmanager that an alert with these labels fires or is resolved; cluster and severity are added. */
  readonly alert: (status: "firing" | "resolved", labels: Readonly<Record<string, string>>) => Promise<void>;
};

const ENV = {
  SLACK_BOT: "xoxb-canary-bot-token-0001",
  SLACK_APP: "xapp-canary-app-token-0001",
  WEBHOOK: "canary-webhook-token-0001",
} as const;

/** Starts a drill: the program may do exactly what `sealwatch policy` prints, and nothing more. */
export async function startDrill(clusterOptions: TestClusterOptions, options: DrillOptions = {}): Promise<DrillWorld> {
  const cleanup = createCleanup();
  try {
    const { path: directory, ...home } = await temporaryDirectory();
    cleanup.add(async () => await home[Symbol.asyncDispose]());
    const cluster = await openBaoForTest({ clusterName: "prod", ...clusterOptions });
    cleanup.add(async () => await cluster[Symbol.asyncDispose]());
    const slack = await startSlackStandIn({
      users: USERS,
      channel: { id: "C0VAULT", name: "vault" },
      botToken: ENV.SLACK_BOT,
      appToken: ENV.SLACK_APP,
      clock: systemClock,
    });
    cleanup.add(async () => await slack[Symbol.asyncDispose]());
    const file = await writeConfig({ directory, cluster, slack }, options);
    const env: Record<string, string> = { ...ENV, VAULT: "none yet" };
    env["VAULT"] = await cluster.createToken(policyText(await settingsOf(file, env), "all"));
    const lines: string[] = [];
    const logger = createLogger("debug", { write: (line: string) => void lines.push(line) });
    const app = await startApp({ settings: await settingsOf(file, env), env, logger });
    cleanup.add(app.stop);
    const webhook = { address: app.address, token: ENV.WEBHOOK };
    // A command that is typed before Slack is connected reaches nobody.
    await waitFor("readiness", async () => ((await fetch(`${app.address}/-/ready`)).ok ? true : undefined));
    return {
      app,
      cluster,
      slack,
      directory,
      log: () => lines.join(""),
      secrets: () => [...Object.values(env), cluster.rootToken, ...cluster.unsealKeys],
      alert: async (status, labels) =>
        await tellAlert(webhook, status, { vault_cluster: "prod", severity: "critical", ...labels }),
      [Symbol.asyncDispose]: cleanup.run,
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

type Place = { readonly directory: string; readonly cluster: OpenBaoCluster; readonly slack: SlackStandIn };

async function writeConfig(place: Place, { addresses, config, entry }: DrillOptions): Promise<string> {
  const { directory, cluster, slack } = place;
  const elsewhere = addresses?.(cluster) ?? {};
  await mkdir(join(directory, "backups"));
  const file = join(directory, "sealwatch.yaml");
  const text = stringify({
    listen: "127.0.0.1:0",
    store: { path: join(directory, "sealwatch.db") },
    clusters: [
      {
        name: "prod",
        nodes: cluster.nodes.map(({ name, address }) => ({ name, address: elsewhere[name] ?? address })),
        ...(cluster.caFile === "" ? {} : { tls: { caFile: cluster.caFile } }),
        token: { env: "VAULT" },
        backups: [{ name: "local", directory: join(directory, "backups") }],
        ...entry?.(place),
      },
    ],
    alertmanager: { token: { env: "WEBHOOK" } },
    slack: { appToken: { env: "SLACK_APP" }, botToken: { env: "SLACK_BOT" }, channel: "C0VAULT", apiUrl: slack.apiUrl },
    access: {
      people: ACCESS,
    },
    ...config?.(place),
  });
  await writeFile(file, text);
  return file;
}
