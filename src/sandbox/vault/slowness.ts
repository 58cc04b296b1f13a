import type { Timestamp } from "../../lib/clock.ts";
import type { ClusterState, NodeState } from "./cluster-state.ts";
import type { Slowness } from "./system-state.ts";

/** What is done how often in a second, and how many milliseconds each takes. */
type Work = Readonly<Record<string, readonly [perSecond: number, milliseconds: number]>>;

const USUAL: Work = {
  vault_audit_file_a__log_request: [40, 0.1],
  vault_audit_file_a__log_response: [40, 0.1],
  vault_audit_log_request: [40, 0.2],
  vault_audit_log_response: [40, 0.2],
  vault_barrier_get: [80, 0.1],
  vault_barrier_put: [20, 6],
  vault_core_handle_request: [40, 4],
  vault_raft_commitTime: [20, 5],
  vault_raft_leader_dispatchLog: [20, 2],
  vault_raft_replication_appendEntries_rpc: [40, 3],
  vault_route_read_secret_: [40, 1],
};

const SLOW: Readonly<Record<Exclude<Slowness, "none">, Work>> = {
  audit: {
    vault_core_handle_request: [40, 495],
    vault_audit_log_request: [40, 480],
    vault_audit_file_a__log_request: [40, 479],
  },
  disk: diskOf(300),
  disks: diskOf(300),
  network: {
    ...diskOf(300),
    vault_raft_leader_dispatchLog: [20, 2],
    vault_raft_replication_appendEntries_rpc: [40, 290],
  },
  leases: {},
  client: { vault_core_handle_request: [900, 120], vault_route_read_secret_: [900, 100] },
  seal: { vault_core_handle_request: [40, 600], vault_seal_decrypt_time: [40, 500] },
  memory: { vault_core_handle_request: [40, 400] },
  backend: { vault_core_handle_request: [40, 700] },
};

function diskOf(milliseconds: number): Work {
  return {
    vault_core_handle_request: [20, milliseconds + 20],
    vault_barrier_put: [20, milliseconds + 10],
    vault_raft_commitTime: [20, milliseconds],
    vault_raft_leader_dispatchLog: [20, milliseconds - 20],
  };
}

/** Gives the summaries that grow while something makes a cluster slow: how often and how long, since it stands. None on a cluster in which nobody asks anything. */
export function busySummaries(state: ClusterState, node: NodeState, now: Timestamp): readonly Summary[] {
  const { slowness, startedAt } = state.system;
  if (slowness === "none") return [];
  const seconds = (now - startedAt) / 1000;
  return Object.entries(workOf(slowness, state.leader === node.name)).map(([name, [perSecond, milliseconds]]) => ({
    name,
    count: perSecond * seconds,
    sum: perSecond * seconds * milliseconds,
  }));
}

/** How often something was timed, and how many milliseconds that took together. */
export type Summary = { readonly name: string; readonly count: number; readonly sum: number };

function workOf(slowness: Exclude<Slowness, "none">, leads: boolean): Work {
  if (leads) return { ...USUAL, ...SLOW[slowness] };
  return { vault_raft_rpc_appendEntries_storeLogs: [20, slowness === "disks" ? 280 : 2] };
}

/** Gives the gauges that a slow cluster has and an idle one has not; a storm goes on as time does. */
export function busyGauges(
  { system: { slowness, startedAt } }: ClusterState,
  now: Timestamp,
): Readonly<Record<string, number>> {
  if (slowness !== "leases") return {};
  return {
    vault_expire_num_leases: 20_000 + Math.floor((300 * (now - startedAt)) / 1000),
    vault_expire_job_manager_queue_length: 4000,
  };
}
