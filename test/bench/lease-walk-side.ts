/*
 * One side of test/bench/lease-walk.ts: `node lease-walk-side.ts SIDE ADDRESS LEASES` does its work a few times and prints how long each round
 * took and the most memory that it needed.
 */
import { Agent, type Dispatcher } from "undici";
import { createLeaseWalkCollector } from "../../src/exporter/collectors/lease-walk.ts";
import { walkLeases } from "../../src/exporter/lease-walk/walk-leases.ts";
import { createCollectors } from "../../src/exporter/registry.ts";
import { systemClock, systemTimers } from "../../src/app/system.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { createVaultCluster } from "../../src/vault/create-cluster.ts";
import { serve } from "../exporter/serve.ts";
import type { Measured } from "./report.ts";

const ROUNDS = 3;
const SCRAPES = 500;
/** Of one lease in an answer, with its quotes and its comma. */
const LEASE_BYTES = 68;
const LIMITS = { requestsPerSecond: 5, maxRequests: 1000, maxDepth: 4, maxLatency: 1000 };

const [, , side = "", address = "", leases = "0"] = process.argv;
const cluster = createVaultCluster(
  {
    name: "bench",
    product: "openbao",
    clusterId: undefined,
    nodes: [{ name: "vault-0", address }],
    tls: {},
    token: { env: "TOKEN" },
    operatorToken: undefined,
  },
  { identityMemory: { load: () => undefined, save: () => {} }, env: { TOKEN: "none" } },
);

/** The same lists in the same order by bare requests; `read` says what becomes of an answer, and gives the prefixes in it. */
async function bare(read: (body: Body) => Promise<number>): Promise<number> {
  const agent = new Agent({ allowH2: false });
  const list = async (prefix: string): Promise<Body> => {
    const path = `/v1/sys/leases/lookup/${prefix}?list=true`;
    return (await agent.request({ origin: address, path, method: "GET" })).body;
  };
  await (await list("database/")).dump();
  let found = 0;
  for (const name of await keysOf(await list("database/creds/")))
    found += await read(await list(`database/creds/${name}`));
  await (await list("auth/token/")).dump();
  await agent.close();
  return found;
}

type Body = Dispatcher.ResponseData["body"];

async function keysOf(body: Body): Promise<readonly string[]> {
  return ((await body.json()) as { readonly data: { readonly keys: readonly string[] } }).data.keys;
}

/** Reads an answer and looks at none of it; its length tells how many leases there were. */
async function unread(body: Body): Promise<number> {
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) bytes += chunk.length;
  // What is around the leases is as long as one.
  return Math.floor(bytes / LEASE_BYTES) - 1;
}

async function walk(): Promise<number> {
  const walked = await walkLeases({
    node: cluster.node("vault-0"),
    mounts: ["database/", "auth/token/"],
    limits: { ...LIMITS, requestsPerSecond: Infinity },
    clock: systemClock,
    timers: systemTimers,
    signal: new AbortController().signal,
  });
  return walked.mounts.get("database/")?.leases ?? 0;
}

/** Gives the time of each of many scrapes, one after the other, while the leases are walked at the default pace or not. */
async function scrapes(walking: boolean): Promise<number[]> {
  const shared = { clock: systemClock, timers: systemTimers, clusters: [cluster] };
  const leaseWalk = createLeaseWalkCollector({
    ...shared,
    lock: createMemoryStore().timedLock,
    settings: { ...LIMITS, interval: walking ? 1 : 3_600_000 },
  });
  const others = createCollectors({ backups: [], enabled: ["node", "leases", "tokens"] });
  await using served = await serve({ ...shared, collectors: [...others, leaseWalk] });
  leaseWalk.background?.start();
  const times: number[] = [];
  for (let scrape = 0; scrape < SCRAPES; scrape++) {
    const began = performance.now();
    await (await fetch(`${served.url}/metrics`)).arrayBuffer();
    times.push(performance.now() - began);
    // As far apart as makes the walk go on between them.
    await new Promise((resolve) => void setTimeout(resolve, 10));
  }
  await leaseWalk.background?.stop();
  return times.slice(SCRAPES / 10);
}

async function rounds(work: () => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  // The first round loads and compiles, and is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    const began = performance.now();
    const found = await work();
    if (found !== Number(leases)) throw new Error(`${side} found ${found} of ${leases}`);
    if (round > 0) times.push(performance.now() - began);
  }
  return times;
}

const SIDES: Readonly<Record<string, () => Promise<number[]>>> = {
  parsed: async () => await rounds(async () => await bare(async (body) => (await keysOf(body)).length)),
  unread: async () => await rounds(async () => await bare(unread)),
  rest: async () => [(await cluster.node("vault-0").health()).statusCode],
  walk: async () => await rounds(walk),
  idle: async () => await scrapes(false),
  walking: async () => await scrapes(true),
};
const run = SIDES[side];
if (run === undefined) throw new Error(`there is no side ${side}`);
const measured: Measured = { rounds: await run(), rssMb: process.resourceUsage().maxRSS / 1024 };
process.stdout.write(JSON.stringify(measured));
await cluster.close();
