import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { requireBinary } from "./binaries.ts";
import { startLoopbackServer } from "./loopback-server.ts";

/** One scrape job. `targets` are `host:port`. */
export type ScrapeJob = {
  readonly job: string;
  readonly targets: readonly string[];
  /** Default `/metrics`. */
  readonly path?: string;
  /** Default 1000. */
  readonly intervalMs?: number;
  /** Query parameters, as for `/probe`. */
  readonly params?: Readonly<Record<string, readonly string[]>>;
  /** For instance `scheme`, `tls_config` and `basic_auth`, as in Prometheus' own configuration. */
  readonly protection?: Readonly<Record<string, unknown>>;
};

/** What a Prometheus is started with. */
export type PrometheusOptions = {
  readonly directory: string;
  readonly scrape: readonly ScrapeJob[];
  /** Paths of rule files. */
  readonly rules: readonly string[];
  /** `http://host:port` of an Alertmanager. */
  readonly alertmanager?: string;
  /** OpenMetrics text with times: what it has kept from before it was started. */
  readonly past?: string;
};

/** One series of an instant query. */
export type Sample = { readonly metric: Readonly<Record<string, string>>; readonly value: number };

/** One alert that is pending or firing. */
export type PrometheusAlert = z.infer<typeof Alert>;

/** A real Prometheus that scrapes and evaluates every second. */
export type RunningPrometheus = AsyncDisposable & {
  readonly address: string;
  readonly pid: number;
  /** Instant query; a scalar comes as one sample without labels. */
  readonly query: (promql: string) => Promise<readonly Sample[]>;
  readonly alerts: () => Promise<readonly PrometheusAlert[]>;
  /** Waits until an alert of that name is in that state (`inactive`: no such alert is pending or firing). */
  readonly waitForAlert: (
    name: string,
    state: "pending" | "firing" | "inactive",
    timeoutMs?: number,
  ) => Promise<readonly PrometheusAlert[]>;
  /** Reads the rule files again. */
  readonly reload: () => Promise<void>;
  /** Scrapes these instead of what it scraped before. */
  readonly scrape: (jobs: readonly ScrapeJob[]) => Promise<void>;
  /** Stops and continues the process: nothing is scraped, evaluated or told meanwhile, so every alert stays as it is. */
  readonly hold: () => void;
  readonly goOn: () => void;
  readonly stop: () => Promise<void>;
};

const Labels = z.record(z.string(), z.string());
const Alert = z.object({
  labels: Labels,
  annotations: Labels,
  state: z.enum(["pending", "firing"]),
  activeAt: z.string(),
});
const Alerts = z.object({ data: z.object({ alerts: z.array(Alert) }) });
const Point = z.tuple([z.number(), z.string()]);
const Answer = z.object({
  data: z.discriminatedUnion("resultType", [
    z.object({ resultType: z.literal("vector"), result: z.array(z.object({ metric: Labels, value: Point })) }),
    z.object({ resultType: z.literal("scalar"), result: Point }),
  ]),
});

const runFile = promisify(execFile);

/** Starts Prometheus on a free port of 127.0.0.1, with its data in `directory`. */
export async function startPrometheus(options: PrometheusOptions): Promise<RunningPrometheus> {
  const configFile = join(options.directory, "prometheus.yml");
  const data = join(options.directory, "tsdb");
  const configure = async (jobs: readonly ScrapeJob[]): Promise<void> =>
    await writeFile(configFile, JSON.stringify(configuration({ ...options, scrape: jobs })));
  await configure(options.scrape);
  if (options.past !== undefined) await keep(options.past, data);
  const { address, process } = await startLoopbackServer({
    name: "prometheus",
    command: requireBinary("prometheus"),
    directory: options.directory,
    readyPath: "/-/ready",
    args: (port) => [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-lifecycle",
    ],
  });
  const stop = (): Promise<void> => process.kill();
  return {
    address,
    pid: process.pid,
    ...questions(address),
    reload: async () => await reload(address),
    scrape: async (jobs) => {
      await configure(jobs);
      await reload(address);
    },
    hold: () => process.signal("SIGSTOP"),
    goOn: () => process.signal("SIGCONT"),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function configuration({ scrape, rules, alertmanager }: PrometheusOptions): unknown {
  const targets = alertmanager === undefined ? [] : [new URL(alertmanager).host];
  return {
    global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
    rule_files: rules,
    alerting: { alertmanagers: [{ static_configs: [{ targets }] }] },
    scrape_configs: scrape.map(
      ({ job, targets, path = "/metrics", intervalMs = 1000, params = {}, protection = {} }) => ({
        ...protection,
        job_name: job,
        metrics_path: path,
        params,
        scrape_interval: `${intervalMs}ms`,
        scrape_timeout: `${intervalMs}ms`,
        static_configs: [{ targets }],
      }),
    ),
  };
}

function questions(address: string): Pick<RunningPrometheus, "query" | "alerts" | "waitForAlert"> {
  const alerts = async (): Promise<readonly PrometheusAlert[]> =>
    Alerts.parse(await ask(`${address}/api/v1/alerts`)).data.alerts;
  return {
    alerts,
    query: async (promql) => samples(await ask(`${address}/api/v1/query?query=${encodeURIComponent(promql)}`)),
    waitForAlert: (name, state, timeoutMs = 30_000) =>
      waitFor(`the alert ${name} ${state}`, async () => matching(await alerts(), name, state), {
        timeoutMs,
        everyMs: 100,
      }),
  };
}

async function reload(address: string): Promise<void> {
  const { status } = await fetch(`${address}/-/reload`, { method: "POST" });
  if (status !== 200) throw new Error(`cannot reload Prometheus: answered ${status}; check the rule files`);
}

/** Makes blocks of it, which Prometheus reads beside what it scrapes itself. */
async function keep(openMetrics: string, data: string): Promise<void> {
  const file = `${data}.past`;
  await writeFile(file, openMetrics);
  await runFile(requireBinary("promtool"), ["tsdb", "create-blocks-from", "openmetrics", "--quiet", file, data]);
}

function matching(
  alerts: readonly PrometheusAlert[],
  name: string,
  state: "pending" | "firing" | "inactive",
): readonly PrometheusAlert[] | undefined {
  const named = alerts.filter(({ labels }) => labels["alertname"] === name);
  if (state === "inactive") return named.length === 0 ? named : undefined;
  const found = named.filter((alert) => alert.state === state);
  return found.length > 0 ? found : undefined;
}

async function ask(url: string): Promise<unknown> {
  const response = await fetch(url);
  const body: unknown = await response.json();
  if (response.status !== 200) throw new Error(`Prometheus answered ${response.status}: ${JSON.stringify(body)}`);
  return body;
}

function samples(body: unknown): readonly Sample[] {
  const { data } = Answer.parse(body);
  if (data.resultType === "scalar") return [{ metric: {}, value: Number(data.result[1]) }];
  return data.result.map(({ metric, value }) => ({ metric, value: toNumber(value[1]) }));
}

/** Prometheus writes infinity as +Inf. */
function toNumber(text: string): number {
  return Number(text.replace("Inf", "Infinity"));
}
