import type { Spent, Worked } from "./latency-facts.ts";
import type { Totals } from "./metric-totals.ts";

/** `file/` is `file_` in a name, before `_log_request`. */
const DEVICE = /^vault_audit_(?<name>.+)_log_(?:request|response)_count$/u;

/** Between tells what happened between two pages of the same node. */
export type Between = { readonly before: Totals; readonly after: Totals; readonly seconds: number };

/** Tells what the active node did between two of its pages. */
export function workedBetween(between: Between): Worked {
  const { after, seconds } = between;
  const now = (name: string): number => after.get(name) ?? 0;
  const spent = (...names: readonly string[]): Spent => spentOn(between, names);
  const handled = spent("vault_core_handle_request", "vault_core_handle_login_request");
  // The server stops its clock before it writes the second entry, for which the client waits too.
  const requests = { count: handled.count, ms: handled.ms + spent("vault_audit_log_response").ms };
  return {
    requests,
    audit: spent("vault_audit_log_request", "vault_audit_log_response"),
    slowestDevice: slowestDevice(between),
    reads: spent("vault_barrier_get", "vault_barrier_list"),
    writes: spent("vault_barrier_put", "vault_barrier_delete"),
    commits: spent("vault_raft_commitTime"),
    disk: spent("vault_raft_leader_dispatchLog"),
    replication: spent("vault_raft_replication_appendEntries_rpc"),
    seal: spent("vault_seal_encrypt_time", "vault_seal_decrypt_time"),
    sealUnreachableMs: now("vault_seal_unreachable_time"),
    leases: {
      count: now("vault_expire_num_leases"),
      perSecond: rate(between, "vault_expire_num_leases"),
      queue: now("vault_expire_job_manager_queue_length"),
      revokedPerSecond: Math.max(0, rate(between, "vault_expire_lease_expiration")),
    },
    goroutines: now("vault_runtime_num_goroutines"),
    gcShare: seconds === 0 ? 0 : Math.max(0, delta(between, "vault_runtime_total_gc_pause_ns")) / 1e9 / seconds,
    heapBytes: now("vault_runtime_alloc_bytes"),
    residentBytes: now("process_resident_memory_bytes"),
  };
}

/** Tells how often something was timed between two pages, and how long all of it took. */
export function spentOn(between: Between, names: readonly string[]): Spent {
  const each = names.map((name) => ({ count: delta(between, `${name}_count`), ms: delta(between, `${name}_sum`) }));
  // A server that started anew in between begins at zero: what it says then is no difference.
  const fit = each.filter(({ count, ms }) => count >= 0 && ms >= 0);
  return { count: sum(fit.map(({ count }) => count)), ms: sum(fit.map(({ ms }) => ms)) };
}

/** Tells how many requests ended on a mount in a second; undefined when the server does not count them. */
export function requestsOnMount(between: Between, mount: string): number | undefined {
  const suffix = `_${mount.replaceAll(/[ ./=-]/gu, "_")}_count`;
  const names = [...between.after.keys()].filter(
    (name) => /^vault_route_(?!rollback)[a-z]+_/u.test(name) && name.replace(/^vault_route_[a-z]+/u, "") === suffix,
  );
  if (names.length === 0 || between.seconds === 0) return undefined;
  return sum(names.map((name) => Math.max(0, delta(between, name)))) / between.seconds;
}

function slowestDevice(between: Between): Worked["slowestDevice"] {
  const names = new Set([...between.after.keys()].flatMap((name) => DEVICE.exec(name)?.groups?.["name"] ?? []));
  const devices = [...names].map((name) => ({
    name: name.replace(/_$/u, ""),
    spent: spentOn(between, [`vault_audit_${name}_log_request`, `vault_audit_${name}_log_response`]),
  }));
  return devices.sort((left, right) => right.spent.ms - left.spent.ms)[0];
}

function rate(between: Between, name: string): number {
  return between.seconds === 0 || !between.before.has(name) ? 0 : delta(between, name) / between.seconds;
}

function delta({ before, after }: Between, name: string): number {
  return (after.get(name) ?? 0) - (before.get(name) ?? 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
