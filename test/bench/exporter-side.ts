/*
 * The exporter of test/bench/exporter.ts: `node exporter-side.ts ADDRESSES` serves `/metrics` of one cluster with every collector and with Vault's
 * own metrics of all nodes, and `/calls` with the calls that the last scrape made; prints its address.
 */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { systemClock } from "../../src/app/system.ts";
import { expose } from "../../src/exporter/expose.ts";
import { createCollectors } from "../../src/exporter/registry.ts";
import { scrapeFamilies } from "../../src/exporter/scrape-families.ts";
import { createScrapePage } from "../../src/exporter/scrape-page.ts";
import { createVaultCluster } from "../../src/vault/create-cluster.ts";

const TIMEOUT_MS = 9000;

const addresses = JSON.parse(process.argv[2] ?? "[]") as readonly string[];
const collectors = createCollectors({ backups: [] });
let calls: string[] = [];
const cluster = createVaultCluster(
  {
    name: "prod",
    product: "auto",
    clusterId: undefined,
    namespace: undefined,
    nodes: addresses.map((address, index) => ({ name: `vault-${index}`, address })),
    tls: {},
    token: { env: "TOKEN" },
    auth: undefined,
    operatorToken: undefined,
  },
  {
    identityMemory: { load: () => undefined, save: () => {} },
    env: { TOKEN: "none" },
    observe: ({ nodeName, path, query = {} }) => {
      const address = addresses[Number(nodeName.replace("vault-", ""))];
      calls.push(`${address}/v1/${path}?${new URLSearchParams(query).toString()}`);
      return () => {};
    },
  },
);

async function* page(): AsyncGenerator<string | Uint8Array> {
  calls = [];
  const scrape = createScrapePage({
    clusters: [cluster],
    collectors,
    clock: systemClock,
    timeoutMs: TIMEOUT_MS,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    passthrough: { mode: "all", include: [], exclude: [] },
  });
  const outcomes = scrape.collect();
  yield* scrape.native ?? [];
  const families = scrapeFamilies([cluster], await outcomes, { of: () => 0 });
  yield expose([...families, ...scrape.nativeFamilies()]);
}

async function answer(url: string, response: ServerResponse): Promise<void> {
  if (url === "/calls") response.end(JSON.stringify({ calls, rssMb: process.memoryUsage.rss() / 1e6 }));
  else await pipeline(page(), response);
}

const server = createServer((request, response) => {
  answer(request.url ?? "", response).catch((error: unknown) => response.destroy(error as Error));
});
server.keepAliveTimeout = 60_000;
await once(server.listen(0, "127.0.0.1"), "listening");
process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
