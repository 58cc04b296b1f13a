/** Gauges that the active node collects every `usage_gauge_period`; one of them is enough to know that it does. */
export const USAGE_GAUGES = [
  "token_count",
  "token_count_by_policy",
  "expire_leases_by_expiration",
  "identity_entity_count",
];

/** The names of Vault's own metrics, without the prefix, that the rules look at. */
export const METRIC_NAMES: readonly string[] = ["core_unsealed", "core_active", ...USAGE_GAUGES];
