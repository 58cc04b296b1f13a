import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { startApp, type App } from "../../src/app/app.ts";
import { createCleanup } from "../../src/app/cleanup.ts";
import { loadSettings } from "../../src/app/load-settings.ts";
import { createLogger } from "../../src/app/logger.ts";
import { systemClock } from "../../src/app/system.ts";
import type { LoadedRun } from "../../src/runner/ports.ts";
import { startSlackStandIn, type SlackStandIn } from "../../src/sandbox/slack/stand-in.ts";
import type { StandInMessage } from "../../src/sandbox/slack/workspace.ts";
import { startSimulatedCluster } from "../../src/sandbox/vault/start-simulated-cluster.ts";
import type { SimulatedCluster } from "../../src/sandbox/vault/simulated-cluster.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { ACCESS, USERS } from "../support/slack-people.ts";
import { tellAlert } from "../support/tell-alert.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

export const CHANNEL = "C0VAULT";
const BOT_TOKEN = "xoxb-canary-bot-token-0001";
const APP_TOKEN = "xapp-canary-app-token-0001";
const SIGNING_SECRET = "canary-signing-secret-0001";
const WEBHOOK_TOKEN = "canary-webhook-token-0001";

/** The whole program with a simulated cluster and the stand-in for Slack, over one of the two transports. */
export type PlaysWorld = AsyncDisposable & {
  readonly app: App;
  readonly cluster: SimulatedCluster;
  readonly slack: SlackStandIn;
  /** Every secret of this world: none may appear anywhere. */
  readonly secrets: readonly string[];
  readonly log: () => string;
  /** Says as Alertmanager that an alert with these labels fires or is resolved. */
  readonly alert: (status: "firing" | "resolved", labels: Readonly<Record<string, string>>) => Promise<void>;
  readonly see: (runId: string, what: string, fits: (loaded: LoadedRun) => boolean) => Promise<LoadedRun>;
  readonly message: (what: string, fits: (message: StandInMessage) => boolean) => Promise<StandInMessage>;
};

/** Starts it; in the mode `http` the stand-in signs what it posts to the program's own address. */
export async function startPlays(
  mode: "socket" | "http",
  sealType: "shamir" | "awskms" = "shamir",
): Promise<PlaysWorld> {
  const cleanup = createCleanup();
  try {
    const directory = await temporaryDirectory();
    cleanup.add(async () => await directory[Symbol.asyncDispose]());
    const cluster = await startSimulatedCluster({
      clock: systemClock,
      nodes: 3,
      clusterName: "prod",
      shares: 3,
      threshold: 2,
      sealType,
      deadAfterMs: 2000,
    });
    cleanup.add(cluster.close);
    const slack = await startSlackStandIn({
      users: USERS,
      channel: { id: CHANNEL, name: "vault" },
      botToken: BOT_TOKEN,
      appToken: APP_TOKEN,
      signingSecret: SIGNING_SECRET,
      clock: systemClock,
    });
    cleanup.add(async () => await slack[Symbol.asyncDispose]());
    const env = {
      BOT: BOT_TOKEN,
      APP: APP_TOKEN,
      SIGNING: SIGNING_SECRET,
      WEBHOOK: WEBHOOK_TOKEN,
      VAULT: cluster.rootToken,
    };
    const lines: string[] = [];
    const logger = createLogger("debug", { write: (line: string) => void lines.push(line) });
    const file = await writeConfig({ directory: directory.path, cluster, slack, mode });
    const settings = await loadSettings(file, env);
    if (!settings.ok) throw new Error(settings.findings.map(({ message }) => message).join("\n"));
    const app = await startApp({ settings: settings.settings, env, logger });
    cleanup.add(app.stop);
    if (mode === "http") slack.http(`${app.address}/slack/events`);
    else await waitFor("the connection to Slack", async () => (slack.connections() > 0 ? true : undefined));
    return {
      app,
      cluster,
      slack,
      secrets: [...Object.values(env), ...cluster.unsealKeys],
      log: () => lines.join(""),
      alert: async (status, labels) => await tellAlert({ address: app.address, token: WEBHOOK_TOKEN }, status, labels),
      see: async (runId, what, fits) =>
        await waitFor(
          `the run ${what}`,
          async () => {
            const loaded = await app.core.runs.get(runId);
            return loaded !== undefined && fits(loaded) ? loaded : undefined;
          },
          { timeoutMs: 90_000 },
        ),
      message: async (what, fits) =>
        await waitFor(what, async () => slack.messages().find(fits), { timeoutMs: 20_000 }),
      [Symbol.asyncDispose]: cleanup.run,
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

type Written = {
  readonly directory: string;
  readonly cluster: SimulatedCluster;
  readonly slack: SlackStandIn;
  readonly mode: "socket" | "http";
};

async function writeConfig({ directory, cluster, slack, mode }: Written): Promise<string> {
  const backups = join(directory, "backups");
  await mkdir(backups);
  const file = join(directory, "sealwatch.yaml");
  const config = {
    listen: "127.0.0.1:0",
    store: { path: join(directory, "sealwatch.db") },
    clusters: [
      {
        name: "prod",
        nodes: cluster.nodes.map(({ name, address }) => ({ name, address })),
        token: { env: "VAULT" },
        backups: [{ name: "nightly", directory: backups }],
      },
    ],
    alertmanager: { token: { env: "WEBHOOK" } },
    slack: {
      mode,
      ...(mode === "socket" ? { appToken: { env: "APP" } } : { signingSecret: { env: "SIGNING" } }),
      botToken: { env: "BOT" },
      channel: CHANNEL,
      apiUrl: slack.apiUrl,
    },
    access: {
      people: ACCESS,
    },
  };
  await writeFile(file, stringify(config));
  return file;
}
