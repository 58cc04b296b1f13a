/*
 * The nodes of test/bench/exporter.ts: `node exporter-server.ts BYTES` serves five fake nodes from memory, each with a recorded page of metrics
 * made so large, prints their addresses as JSON, and goes on until it is killed.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { SYSTEM_ANSWERS } from "../exporter/system-answers.ts";
import { nativePages } from "./native-pages.ts";

const ACTIVE = 1;

const pages = nativePages(Number(process.argv[2]));
const names = pages.map((_page, index) => `vault-${index}`);

const servers = names.map((id, index) => ({
  id,
  name: id,
  address: `${id}:8201`,
  node_status: "alive",
  last_contact: "10ms",
  last_term: 4,
  last_index: 1000,
  healthy: true,
  stable_since: "2026-11-22T00:00:00Z",
  status: index === ACTIVE ? "leader" : "voter",
  version: "2.7.2",
}));

/** What the active node says besides the answers that all tests share. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  ...SYSTEM_ANSWERS,
  "sys/storage/raft/configuration": {
    data: {
      config: {
        index: 1,
        servers: names.map((id, index) => ({
          node_id: id,
          address: `${id}:8201`,
          leader: index === ACTIVE,
          voter: true,
        })),
      },
    },
  },
  "sys/storage/raft/autopilot/state": {
    data: {
      healthy: true,
      failure_tolerance: 2,
      leader: names[ACTIVE],
      voters: names,
      servers: Object.fromEntries(servers.map((server) => [server.id, server])),
    },
  },
  "sys/leases/count": { data: { lease_count: 2, counts: { auth_userpass_1a2b: 2 } } },
};

function answer(index: number, path: string): readonly [number, unknown] {
  const identity = { cluster_id: "id-1", cluster_name: "c", version: "2.7.2", initialized: true, sealed: false };
  const isActive = index === ACTIVE;
  switch (path) {
    case "sys/health": {
      const now = Math.floor(performance.timeOrigin / 1000);
      return [isActive ? 200 : 429, { ...identity, standby: !isActive, server_time_utc: now }];
    }
    case "sys/seal-status": {
      return [200, { ...identity, type: "shamir", t: 3, n: 5, progress: 0 }];
    }
    case "sys/leader": {
      return [200, { ha_enabled: true, is_self: isActive, active_time: "2026-11-22T00:00:00Z" }];
    }
    default: {
      const body = ANSWERS[path];
      return body === undefined ? [404, { errors: [] }] : [200, body];
    }
  }
}

function serve(index: number, url: URL, response: ServerResponse): void {
  const list = url.searchParams.get("list") === "true" ? "?list=true" : "";
  const path = url.pathname.replace("/v1/", "") + list;
  if (path === "sys/metrics") {
    response.writeHead(200, { "Content-Type": "text/plain; version=0.0.4" }).end(pages[index]);
    return;
  }
  const [code, body] = answer(index, path);
  response.writeHead(code, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

const addresses = await Promise.all(
  names.map(async (_name, index) => {
    const server = createServer((request, response) =>
      serve(index, new URL(request.url ?? "", "http://node"), response),
    );
    server.keepAliveTimeout = 60_000;
    await once(server.listen(0, "127.0.0.1"), "listening");
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }),
);
process.stdout.write(`${JSON.stringify(addresses)}\n`);
