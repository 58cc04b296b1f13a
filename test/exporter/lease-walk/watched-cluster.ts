import type { Timers } from "../../../src/lib/clock.ts";
import type { VaultNode } from "../../../src/vault/cluster.ts";
import { fakeCluster, type FakeCluster } from "../fake-cluster.ts";

/** Leases by their prefix, as a fake cluster lists them: `{ "auth/userpass/login/alice/": 3 }`. */
export type Leases = Readonly<Record<string, number>>;

/** The mounts that every cluster of these tests has. */
export const MOUNTS = ["database/", "secret/", "auth/token/", "auth/userpass/"];

/** A cluster with one active node and these leases, and mounts that are `MOUNTS`. */
export function clusterWith(leases: Leases, answers: Readonly<Record<string, unknown>> = {}): FakeCluster {
  const nodes = [
    { name: "vault-0", state: "active" as const },
    { name: "vault-1", state: "standby" as const },
  ];
  return fakeCluster({ nodes, answers: { ...tables(), ...EMPTY, ...listsOf(leases), ...answers } });
}

/** The active node of such a cluster, with its `sys/health` changed. */
export function nodeWith(cluster: FakeCluster, changes: Partial<VaultNode> = {}): VaultNode {
  return { ...cluster.node("vault-0"), ...changes };
}

/** Every list of leases that was asked for, in order. */
export function listed({ calls }: FakeCluster): readonly string[] {
  const lookup = "sys/leases/lookup/";
  return calls.flatMap(({ path }) => (path.startsWith(lookup) ? [path.slice(lookup.length)] : []));
}

/** Timers that are over at once. */
export const impatient: Timers = {
  after: (_milliseconds, callback) => {
    queueMicrotask(callback);
    return () => {};
  },
};

/** A list without a lease is a 404. */
const EMPTY = Object.fromEntries(MOUNTS.map((mount) => [`sys/leases/lookup/${mount}?list=true`, "not-found"]));

function tables() {
  const table = (under: string) =>
    Object.fromEntries(
      MOUNTS.filter((mount) => mount.startsWith("auth/") === (under === "auth/")).map((mount) => [
        mount.slice(under.length),
        { accessor: `accessor_${mount.replaceAll("/", "_")}` },
      ]),
    );
  return { "sys/mounts": { data: table("") }, "sys/auth": { data: table("auth/") } };
}

/** The list at every level above a lease; no list where there is none, which is a 404. */
function listsOf(leases: Leases): Record<string, unknown> {
  const keys = new Map<string, Set<string>>();
  for (const [prefix, count] of Object.entries(leases)) {
    const parts = prefix.split("/").slice(0, -1);
    parts.forEach((_part, at) => {
      const above = parts.slice(0, at).map((part) => `${part}/`);
      add(above.join(""), `${parts[at] ?? ""}/`);
    });
    for (let lease = 0; lease < count; lease++) add(prefix, `h${lease}`);
  }
  return Object.fromEntries(
    [...keys].map(([prefix, names]) => [`sys/leases/lookup/${prefix}?list=true`, { data: { keys: [...names] } }]),
  );

  function add(prefix: string, name: string): void {
    keys.set(prefix, (keys.get(prefix) ?? new Set()).add(name));
  }
}
