import { gauge } from "../family.ts";
import { NODE_STATES, type NodeProbe } from "../probe-nodes.ts";
import { info, ONLY_UNSEALED, ONLY_UP, reading, type Reading } from "./reading.ts";
import { versionOf } from "./version-of.ts";

const NOT_TOLD = "No sample where the node does not tell: Vault before 1.19, OpenBao.";

/** What a node is and does, by its own word. */
export const STATE_READINGS: readonly Reading[] = [
  reading(
    "sealwatch_node_up",
    "1 if the node answered sys/health or sys/seal-status as a Vault server of this cluster does, 0 if not. Always a sample for every configured node.",
    ({ state }) => Number(state !== "unreachable"),
  ),
  {
    family: gauge(
      "sealwatch_node_state",
      "1 for the state that the node is in, 0 for the others; unsealed is a node that did not say whether it is active. Always all six samples for every configured node.",
      ["vault_node", "state"],
    ),
    read: (probe) => NODE_STATES.map((state) => ({ labels: { state }, value: Number(state === probe.state) })),
  },
  info(
    "sealwatch_node_failure_info",
    "1, with why the node could not be asked: unreachable, timeout, invalid-answer (not a Vault server), wrong-cluster (it names the id of another cluster) or another reason. Only while sealwatch_node_up is 0.",
    ["reason"],
    ({ state, failure }) => (state === "unreachable" && failure ? { reason: failure.reason } : undefined),
  ),
  reading("sealwatch_node_initialized", `1 if the node is initialised, 0 if not. ${ONLY_UP}`, ({ state }) =>
    state === "unreachable" ? undefined : Number(state !== "uninitialized"),
  ),
  reading(
    "sealwatch_node_sealed",
    `1 if the node is sealed, 0 if not, from this scrape alone. ${ONLY_UP} None either while there is nothing to unseal (sealwatch_node_initialized 0).`,
    ({ state }) => (state === "unreachable" || state === "uninitialized" ? undefined : Number(state === "sealed")),
  ),
  reading("sealwatch_node_standby", `1 if the node is a standby, 0 if it is active. ${ONLY_UNSEALED}`, ({ state }) =>
    state === "standby" || state === "active" ? Number(state === "standby") : undefined,
  ),
  reading(
    "sealwatch_node_performance_standby",
    `1 if the node is a performance standby of Vault Enterprise, which answers reads itself, 0 if not. ${ONLY_UNSEALED} No sample on OpenBao, which has none.`,
    ({ health }) => (health === undefined || health.sealed ? undefined : oneIf(health.performanceStandby)),
  ),
  reading("sealwatch_node_active", `1 if the node itself says it is active, 0 if not. ${ONLY_UP}`, ({ state }) =>
    state === "unreachable" || state === "unsealed" ? undefined : Number(state === "active"),
  ),
  reading(
    "sealwatch_node_leader_known",
    `1 if the node knows who is active, 0 if not; also 0 on a standby whose listener hides addresses (redact_addresses). ${ONLY_UNSEALED}`,
    (probe) =>
      probe.leader && Number(probe.leader.isSelf || probe.leader.leaderAddress !== "" || !probe.leader.haEnabled),
  ),
  reading(
    "sealwatch_node_removed",
    `1 if the node was removed from its cluster and must not come back with its data, 0 if not. ${NOT_TOLD}`,
    removed,
  ),
  reading(
    "sealwatch_node_ha_connection_healthy",
    `1 if a standby hears from the active node, 0 if not. No sample for a node that is no standby. ${NOT_TOLD}`,
    ({ health }) => (health?.statusCode === 474 ? 0 : oneIf(health?.haConnectionHealthy)),
  ),
  reading(
    "sealwatch_node_health_status_code",
    "Status code of sys/health: 200 active, 429 standby, 472 standing by for disaster recovery, 473 performance standby, 474 cannot reach the active node, 501 not initialised, 503 sealed, 530 removed from the cluster.",
    ({ health }) => health?.statusCode,
  ),
  info(
    "sealwatch_node_version_info",
    "1, with the version that the node runs. None when its listener hides the version.",
    ["version"],
    (probe) => {
      const version = versionOf(probe);
      return version === undefined ? undefined : { version };
    },
  ),
  info(
    "sealwatch_node_product_info",
    `1, with the product (openbao, vault) as the keys of sys/health give it away, and whether it is the Enterprise edition. ${ONLY_UP}`,
    ["product", "enterprise"],
    ({ health }) =>
      health && { product: health.hasVaultOnlyKeys ? "vault" : "openbao", enterprise: String(health.enterprise) },
  ),
  reading(
    "sealwatch_node_clock_skew_seconds",
    "How far the node's clock is ahead of ours, in whole seconds towards 0; negative when it is behind.",
    ({ clockSkewSeconds }) => clockSkewSeconds,
  ),
];

/** Either of the answers, or the code, may tell it. */
function removed({ health, seal }: NodeProbe): number | undefined {
  if (health?.statusCode === 530) return 1;
  return oneIf(health?.removedFromCluster ?? seal?.removedFromCluster);
}

function oneIf(known: boolean | undefined): number | undefined {
  return known === undefined ? undefined : Number(known);
}
