import { fitsAny } from "./family-filter.ts";

/**
 * Families that only the active node writes. Nothing clears them when it steps down: for `prometheus_retention_time`, a day by default, it
 * goes on telling what was true when it led. Other counters and summaries of an old leader are kept: they stand still, and that is true.
 */
const LEADER_ONLY = [
  "*_autopilot_*",
  "*_barrier_estimated_encryptions",
  "*_core_mount_table_*",
  "*_expire_leases_by_expiration",
  "*_expire_num_irrevocable_leases",
  "*_expire_num_leases",
  "*_identity_entity_alias_count",
  "*_identity_entity_count",
  "*_raft_commitNumLogs",
  "*_raft_leader_*",
  "*_raft_peers",
  "*_raft_storage_follower_*",
  "*_seal_unreachable_time",
  "*_secret_kv_count",
  "*_token_count",
  "*_token_count_by_*",
];

/** Tells whether only the active node writes this family, whatever the prefix of its name. */
export const isLeaderOnly = fitsAny(LEADER_ONLY);
