import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { requireBinary } from "./binaries.ts";
import { startLoopbackServer } from "./loopback-server.ts";

/** What an Alertmanager is started with. Durations in Prometheus' form: `1s`, `5m`. */
export type AlertmanagerOptions = {
  readonly directory: string;
  readonly webhookUrl: string;
  readonly bearerToken?: string;
  readonly groupBy: readonly string[];
  /** Default 1s. */
  readonly groupWait?: string;
  /** Default 1s. */
  readonly groupInterval?: string;
  /** Default 1h. */
  readonly repeatInterval?: string;
  /** Default 5s. */
  readonly resolveTimeout?: string;
  /** As in Alertmanager's `inhibit_rules`. */
  readonly inhibitRules?: readonly unknown[];
};

const Alerts = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    status: z.object({ state: z.enum(["active", "suppressed", "unprocessed"]) }),
  }),
);

/** A real Alertmanager that sends every group to one webhook. */
export type RunningAlertmanager = AsyncDisposable & {
  readonly address: string;
  readonly pid: number;
  /** The alerts it holds, with `active`, `suppressed` or `unprocessed`. */
  readonly alerts: () => Promise<z.infer<typeof Alerts>>;
  readonly stop: () => Promise<void>;
};

/** Starts Alertmanager on a free port of 127.0.0.1, without its gossip port. */
export async function startAlertmanager(options: AlertmanagerOptions): Promise<RunningAlertmanager> {
  const { directory } = options;
  const configFile = join(directory, "alertmanager.yml");
  await writeFile(configFile, JSON.stringify(await configuration(options)));
  const { address, process } = await startLoopbackServer({
    name: "alertmanager",
    command: requireBinary("alertmanager"),
    directory,
    readyPath: "/-/ready",
    args: (port) => [
      `--config.file=${configFile}`,
      `--storage.path=${join(directory, "alertmanager")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--cluster.listen-address=",
    ],
  });
  const stop = (): Promise<void> => process.kill();
  const alerts = async (): Promise<z.infer<typeof Alerts>> =>
    Alerts.parse(await (await fetch(`${address}/api/v2/alerts`)).json());
  return { address, pid: process.pid, alerts, stop, [Symbol.asyncDispose]: stop };
}

async function configuration(options: AlertmanagerOptions): Promise<unknown> {
  return {
    global: { resolve_timeout: options.resolveTimeout ?? "5s" },
    route: {
      receiver: "webhook",
      group_by: options.groupBy,
      group_wait: options.groupWait ?? "1s",
      group_interval: options.groupInterval ?? "1s",
      repeat_interval: options.repeatInterval ?? "1h",
    },
    inhibit_rules: options.inhibitRules ?? [],
    receivers: [
      {
        name: "webhook",
        webhook_configs: [{ url: options.webhookUrl, send_resolved: true, http_config: await credentials(options) }],
      },
    ],
  };
}

async function credentials({ directory, bearerToken }: AlertmanagerOptions): Promise<unknown> {
  if (bearerToken === undefined) return {};
  const file = join(directory, "webhook-token");
  await writeFile(file, bearerToken, { mode: 0o600 });
  return { authorization: { type: "Bearer", credentials_file: file } };
}
