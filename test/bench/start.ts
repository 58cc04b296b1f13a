/*
 * Starts an exporter alone, as a process, and measures from its start to the first 200 of `/-/ready`, then the memory that it holds after scrapes
 * and a pause; in turns with a bare HTTP server with prom-client (start-floor.ts). The first start of a version compiles everything and keeps what it
 * compiled; later ones use it: both are measured, with the NODE_OPTIONS of the Dockerfile. At the end a start that says which packages it loaded.
 * Run with `npm run bench -- start`.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startSimulatedCluster } from "../../src/sandbox/vault/start-simulated-cluster.ts";
import { median } from "./report.ts";

const TURNS = 11;
const SCRAPES = 20;
const POLL_MS = 2;
const PAUSE_MS = 5000;
const TARGET = { readyMs: 400, rssMb: 90 };
/** What an exporter alone has no use for. */
const UNWANTED = /^@(?:slack|kubernetes|aws-sdk|smithy)\//u;

type Side = { readonly readyMs: number[]; readonly rssMb: number[] };
type Started = { readonly args: readonly string[]; readonly cache: string; readonly options?: string };
type Program = (port: number) => Promise<Started>;

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const write = (line: string): void => void process.stdout.write(`${line}\n`);

const directory = await mkdtemp(join(tmpdir(), "sealwatch-start-"));
const cluster = await startSimulatedCluster({ clock: { now: () => Date.now() }, clusterName: "prod" });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function serveArgs(port: number): Promise<readonly string[]> {
  const file = join(directory, "sealwatch.json");
  const nodes = cluster.nodes.map(({ name, address }) => ({ name, address }));
  const config = {
    listen: `127.0.0.1:${port}`,
    store: { path: join(directory, "sealwatch.db") },
    clusters: [{ name: "prod", nodes, token: { env: "BENCH_TOKEN" } }],
  };
  await writeFile(file, JSON.stringify(config));
  return [fileOf("../../src/main.ts"), "serve", "--config", file];
}

/** What the image gives to Node; the floor goes without. */
const [, shippedOptions = ""] =
  /^ENV NODE_OPTIONS="?([^"\n]*)/mu.exec(await readFile(fileOf("../../Dockerfile"), "utf8")) ?? [];

function start({ args, cache, options = "" }: Started): ChildProcess {
  return spawn(process.execPath, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: cache,
      NODE_OPTIONS: options,
      BENCH_TOKEN: cluster.rootToken,
    },
  });
}

async function untilReady(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined);
    if (answer?.status === 200) return;
    await pause(POLL_MS);
  }
  throw new Error(`a program of the bench ended with ${child.exitCode}`);
}

async function rssOf({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1]) / 1000;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

async function turn(program: Program, { readyMs, rssMb }: Side, withMemory: boolean): Promise<void> {
  const port = await freePort();
  const started = await program(port);
  const startedAt = performance.now();
  const child = start(started);
  child.stderr?.resume();
  try {
    await untilReady(child, port);
    readyMs.push(performance.now() - startedAt);
    if (!withMemory) return;
    for (let scrape = 0; scrape < SCRAPES; scrape++) await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    await pause(PAUSE_MS);
    rssMb.push(await rssOf(child));
  } finally {
    await end(child);
  }
}

/** Says which packages a program loads, once each. */
const TRACE = `
  import { registerHooks } from "node:module";
  const seen = new Set();
  registerHooks({
    load(url, context, next) {
      const [, name] = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url) ?? [];
      if (name !== undefined && !seen.has(name)) console.error("loads " + name);
      seen.add(name);
      return next(url, context);
    },
  });`;

async function loadedPackages(): Promise<readonly string[]> {
  const port = await freePort();
  const trace = ["--import", `data:text/javascript,${encodeURIComponent(TRACE)}`];
  const child = start({ args: [...trace, ...(await serveArgs(port))], cache: join(directory, "cache") });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  try {
    await untilReady(child, port);
    await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  } finally {
    await end(child);
  }
  return [...said.matchAll(/^loads (.*)$/gmu)].map(([, name = ""]) => name).sort();
}

const side = (): Side => ({ readyMs: [], rssMb: [] });
const [floor, first, later] = [side(), side(), side()];
const cache = join(directory, "cache");
let emptyCaches = 0;
const floorProgram: Program = async (port) => ({ args: [fileOf("start-floor.ts"), String(port)], cache });
const laterProgram: Program = async (port) => ({ args: await serveArgs(port), cache, options: shippedOptions });
const firstProgram: Program = async (port) => ({
  args: await serveArgs(port),
  cache: join(directory, `empty-${emptyCaches++}`),
  options: shippedOptions,
});

// So that the first turn finds a cache, and a store.
await turn(laterProgram, side(), false);
await turn(floorProgram, side(), false);
for (let each = 0; each < TURNS; each++) {
  const withMemory = each % 3 === 0;
  await turn(floorProgram, floor, withMemory);
  await turn(laterProgram, later, withMemory);
  await turn(firstProgram, first, withMemory);
}
const loaded = await loadedPackages();
await cluster.close();
await rm(directory, { recursive: true });

const verdict = (value: number, target: number, unit: string): string =>
  `target <= ${target} ${unit}: ${value <= target ? "MET" : "MISSED"}`;
const figures = (what: string, { readyMs, rssMb }: Side): string => {
  const ms = median(readyMs);
  const ratio = (ms / median(floor.readyMs)).toFixed(1);
  const range = `${Math.min(...readyMs).toFixed(0)} to ${Math.max(...readyMs).toFixed(0)}`;
  return `${what}: ready after ${ms.toFixed(0)} ms (${range}), ${ratio} x; ${median(rssMb).toFixed(0)} MB RSS`;
};
write(figures("floor, a bare HTTP server with prom-client", floor));
write(`${figures("later starts", later)}; ${verdict(median(later.readyMs), TARGET.readyMs, "ms")}`);
write(`${figures("first start of a version", first)}; ${verdict(median(first.readyMs), TARGET.readyMs, "ms")}`);
write(`memory of later starts, after ${SCRAPES} scrapes: ${verdict(median(later.rssMb), TARGET.rssMb, "MB")}`);
write(`NODE_OPTIONS of the image: ${shippedOptions === "" ? "none" : shippedOptions}`);
write(`packages loaded: ${loaded.join(" ")}`);
const unwanted = loaded.filter((name) => UNWANTED.test(name));
write(
  unwanted.length === 0 ? "none of Slack, Kubernetes or a cloud" : `MISSED, loaded for nothing: ${unwanted.join(" ")}`,
);
process.exitCode = unwanted.length === 0 ? 0 : 1;
