/*
 * The program of test/bench/open-runs.ts: `node open-runs-side.ts SETUP` starts sealwatch with its Slack bot, starts 200 runs, waits until Slack shows them,
 * lets 50 of them see something new each second, and measures for two minutes.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Actor } from "../../src/access/person.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { startApp } from "../../src/app/app.ts";
import { loadSettings } from "../../src/app/load-settings.ts";
import { silentLogger } from "../../src/lib/logger.ts";

/** What the side is told. */
export type OpenRunsSetup = {
  readonly directory: string;
  readonly apiUrl: string;
  readonly clusters: readonly {
    readonly name: string;
    readonly nodes: readonly { readonly name: string; readonly address: string }[];
  }[];
};

/** What it found. */
export type OpenRunsResult = {
  readonly open: number;
  readonly moving: number;
  readonly rssMb: number;
  readonly appendP99Ms: number;
  /** Unix milliseconds. */
  readonly measuredFrom: number;
  readonly measuredTo: number;
};

const RUNS = 200;
const MOVING = 50;
const MEASURE_MS = 120_000;

const text = (title: string): string => `${title}. For the bench.`;
const runbook = (id: string, step: string): string => `id: ${id}
title: ${id}
meaning: ${text("What it means")}
impact: ${text("What it does")}
verify: ${text("How one sees it")}
escalate: ${text("Whom to call")}
owner: bench
inputs:
  cluster: { type: cluster }
steps:
${step}
`;

/** Waits for a day, and looks once an hour: what moves is told to it from outside, as by another replica. */
const STANDING = runbook(
  "standing",
  `  - { id: wait, title: Wait, wait: vault.cluster-nodes, until: "result.sealed > 0", every: 1h, timeout: 24h }`,
);

const alice: Actor = { id: "alice", name: "alice", role: "responder", groups: [] };

const setup = JSON.parse(process.argv[2] ?? "{}") as OpenRunsSetup;
const runbooks = join(setup.directory, "runbooks");
await mkdir(runbooks);
await writeFile(join(runbooks, "standing.yaml"), STANDING);
const file = join(setup.directory, "sealwatch.json");
await writeFile(
  file,
  JSON.stringify({
    listen: "127.0.0.1:0",
    store: { path: join(setup.directory, "sealwatch.db") },
    runbooks: { directory: runbooks },
    clusters: setup.clusters,
    slack: { appToken: { env: "APP" }, botToken: { env: "BOT" }, channel: "C0BENCH", apiUrl: setup.apiUrl },
    access: { people: [{ name: "alice", role: "responder", slack: "U0ALICE", cli: "alice" }] },
  }),
);
const env = { APP: "xapp-bench", BOT: "xoxb-bench" };
const settings = await loadSettings(file, env);
if (!settings.ok) throw new Error(settings.findings.map(({ message }) => message).join("\n"));
const app = await startApp({ settings: settings.settings, env, logger: silentLogger });
const { runs } = app.core;

for (let index = 0; index < RUNS; index += 1) {
  const cluster = setup.clusters[index % setup.clusters.length];
  const started = await runs.start({
    runbook: "standing",
    inputs: { cluster: cluster?.name ?? "" },
    by: alice,
    origin: { surface: "cli" },
  });
  if (!started.ok) throw new Error(started.why);
}
// Every run has a card: one post a second.
const shown = async (): Promise<number> =>
  (await app.core.store.messages.list("run:")).filter(({ key, ts }) => key.endsWith("/card") && ts !== undefined)
    .length;
while ((await shown()) < RUNS) await pause(1000);

const measuredFrom = Date.now();
const appends: number[] = [];
const moving = (await runs.summaries({ open: true, limit: RUNS })).slice(0, MOVING);
for (let second = 0; Date.now() < measuredFrom + MEASURE_MS; second += 1) {
  for (const { id, version, summary } of moving) {
    const seen: RunEvent = { type: "Polled", at: Date.now(), step: "wait", progress: `${second} seconds` };
    const began = performance.now();
    await app.core.store.runs.append(id, version + second, [seen], summary);
    appends.push(performance.now() - began);
  }
  await pause(measuredFrom + (second + 1) * 1000 - Date.now());
}
const status = await readFile("/proc/self/status", "utf8");
const sorted = appends.sort((left, right) => left - right);
const result: OpenRunsResult = {
  open: (await runs.summaries({ open: true, limit: 1000 })).length,
  moving: MOVING,
  rssMb: Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1]) / 1000,
  appendP99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
  measuredFrom,
  measuredTo: Date.now(),
};
process.send?.(result);
process.once("message", () => void app.stop().then(() => process.exit(0)));
