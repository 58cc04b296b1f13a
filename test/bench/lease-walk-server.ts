/*
 * The fake node of test/bench/lease-walk.ts: `node lease-walk-server.ts LEASES PREFIXES` answers as an active node with so many leases below
 * `database/creds/`, from memory, and prints its port. A process of its own, so that its work is not counted as ours.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const [leases = 0, prefixes = 1] = process.argv.slice(2).map(Number);
const LOOKUP = "/v1/sys/leases/lookup/";

/** As long as the id of a service token's lease. */
const leaseOf = (number: number): string => `h${String(number).padStart(64, "0")}`;
const names = Array.from({ length: prefixes }, (_, at) => `role-${at}/`);
const perPrefix = Math.floor(leases / prefixes);

const lists = new Map<string, Buffer>([
  ["database/", listOf(["creds/"])],
  ["database/creds/", listOf(names)],
  ...names.map((name, at) => [`database/creds/${name}`, leaseList(at * perPrefix)] as const),
]);

function listOf(keys: readonly string[]): Buffer {
  return Buffer.from(JSON.stringify({ request_id: "1", lease_id: "", renewable: false, data: { keys } }));
}

function leaseList(first: number): Buffer {
  return listOf(Array.from({ length: perPrefix }, (_, at) => leaseOf(first + at)));
}

const ANSWERS: Readonly<Record<string, unknown>> = {
  "/v1/sys/health": {
    initialized: true,
    sealed: false,
    standby: false,
    server_time_utc: 1,
    version: "2.7.2",
    cluster_name: "bench",
    cluster_id: "bench",
  },
  "/v1/sys/leader": { ha_enabled: true, is_self: true, active_time: "2026-11-22T00:00:00Z", leader_address: "" },
  "/v1/sys/seal-status": {
    type: "shamir",
    initialized: true,
    sealed: false,
    t: 1,
    n: 1,
    progress: 0,
    version: "2.7.2",
  },
  "/v1/sys/mounts": { data: { "database/": { accessor: "database_1" } } },
  "/v1/sys/auth": { data: { "token/": { accessor: "auth_token_1" } } },
  "/v1/sys/leases/count": { data: { lease_count: 0, counts: {} } },
};

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "/", "http://node");
  const list = pathname.startsWith(LOOKUP) ? lists.get(pathname.slice(LOOKUP.length)) : undefined;
  const metrics =
    pathname === "/v1/sys/metrics" ? "# TYPE vault_expire_num_leases gauge\nvault_expire_num_leases 1\n" : undefined;
  const answer = list ?? metrics ?? (ANSWERS[pathname] && JSON.stringify(ANSWERS[pathname]));
  if (answer === undefined) response.writeHead(404).end(`{"errors":[]}`);
  else response.writeHead(200, { "content-type": "application/json" }).end(answer);
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
