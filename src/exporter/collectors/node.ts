import type { Collector, Family, FamilyDeclaration, Sample } from "../collector.ts";
import { gauge, withSamples, withValue } from "../family.ts";
import { isUnsealed, type NodeProbe } from "../probe-nodes.ts";

/** How one family is read from a node's probe; undefined is "not known" and gives no sample. */
type Reading = { readonly family: FamilyDeclaration; readonly read: (probe: NodeProbe) => Sample | undefined };

const ONLY_UP = "No sample while the node cannot be asked (sealwatch_node_up 0).";
const ONLY_UNSEALED = "Only while the node is unsealed.";

const NODE_READINGS: readonly Reading[] = [
  reading(
    "sealwatch_node_up",
    "1 if the node answered sys/health or sys/seal-status as a Vault server of this cluster does, 0 if not. Always a sample for every configured node.",
    ({ state }) => Number(state !== "unreachable"),
  ),
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
  reading("sealwatch_node_active", `1 if the node itself says it is active, 0 if not. ${ONLY_UP}`, ({ state }) =>
    state === "unreachable" || state === "unsealed" ? undefined : Number(state === "active"),
  ),
  reading(
    "sealwatch_node_leader_known",
    `1 if the node knows who is active, 0 if not. ${ONLY_UNSEALED}`,
    (probe) =>
      probe.leader && Number(probe.leader.isSelf || probe.leader.leaderAddress !== "" || !probe.leader.haEnabled),
  ),
  reading(
    "sealwatch_node_seal_threshold",
    "Key shares that an unseal needs. With auto-unseal these are recovery keys, which can unseal nothing.",
    ({ seal }) => seal?.threshold,
  ),
  reading(
    "sealwatch_node_seal_shares",
    "Key shares that exist. With auto-unseal these are recovery keys, which can unseal nothing.",
    ({ seal }) => seal?.shares,
  ),
  reading(
    "sealwatch_node_seal_progress",
    "Key shares given to this node so far; 0 when none was, or after the last one.",
    ({ seal }) => seal?.progress,
  ),
  reading(
    "sealwatch_node_seal_migration",
    "1 while a migration to another seal is pending, 0 otherwise.",
    ({ seal }) => seal && Number(seal.migration),
  ),
  info(
    "sealwatch_node_seal_info",
    "1, with the kind of seal (shamir, awskms, transit ...), the storage, and whether the key shares are recovery keys.",
    ["seal_type", "storage_type", "recovery_seal"],
    ({ seal }) =>
      seal && {
        seal_type: seal.type,
        storage_type: seal.storageType,
        recovery_seal: String(seal.recoverySeal),
      },
  ),
  reading(
    "sealwatch_node_health_status_code",
    "Status code of sys/health: 200 active, 429 standby, 473 performance standby, 474 cannot reach the active node, 501 not initialised, 503 sealed, 530 removed from the cluster.",
    ({ health }) => health?.statusCode,
  ),
  info(
    "sealwatch_node_version_info",
    "1, with the version that the node runs. None when its listener hides the version.",
    ["version"],
    ({ health, seal }) => nonEmpty(health?.version) ?? nonEmpty(seal?.version),
  ),
  reading(
    "sealwatch_node_clock_skew_seconds",
    "How far the node's clock is ahead of ours, in whole seconds towards 0; negative when it is behind.",
    ({ clockSkewSeconds }) => clockSkewSeconds,
  ),
];

const reachable = gauge("sealwatch_cluster_reachable_nodes", "Configured nodes that answered.");
const unsealed = gauge("sealwatch_cluster_unsealed_nodes", "Configured nodes that answered and are unsealed.");
const active = gauge(
  "sealwatch_cluster_active_nodes",
  "Nodes that say of themselves that they are active: 1 is right, 0 serves nobody, 2 is an election or a split.",
);

/** What each node says of itself; needs no token, so it works while Vault does not. */
export const node: Collector = {
  name: "node",
  help: "State of every node from sys/health, sys/seal-status and sys/leader, without a token.",
  families: [...NODE_READINGS.map(({ family }) => family), reachable, unsealed, active],
  policy: [],
  async collect({ probes, note }) {
    const found = await probes();
    // Silence is data, but a stranger at a node's address is a mistake in the configuration.
    for (const { failure } of found) if (failure?.reason === "wrong-cluster") note(failure);
    return [...NODE_READINGS.map((each) => familyOf(each, found)), ...clusterFamilies(found)];
  },
};

function familyOf({ family, read }: Reading, probes: readonly NodeProbe[]): Family {
  const samples = probes.flatMap((probe) => {
    const sample = read(probe);
    return sample === undefined ? [] : [{ ...sample, labels: { vault_node: probe.node.name, ...sample.labels } }];
  });
  return withSamples(family, samples);
}

function clusterFamilies(probes: readonly NodeProbe[]): readonly Family[] {
  const count = (matches: (probe: NodeProbe) => boolean): number => probes.filter(matches).length;
  return [
    withValue(
      reachable,
      count(({ state }) => state !== "unreachable"),
    ),
    withValue(
      unsealed,
      count(({ state }) => isUnsealed(state)),
    ),
    withValue(
      active,
      count(({ state }) => state === "active"),
    ),
  ];
}

function reading(name: Family["name"], help: string, value: (probe: NodeProbe) => number | undefined): Reading {
  return {
    family: gauge(name, help, ["vault_node"]),
    read: (probe) => {
      const known = value(probe);
      return known === undefined ? undefined : { value: known };
    },
  };
}

function info(
  name: Family["name"],
  help: string,
  labels: readonly string[],
  read: (probe: NodeProbe) => Readonly<Record<string, string>> | undefined,
): Reading {
  return {
    family: gauge(name, help, ["vault_node", ...labels]),
    read: (probe) => {
      const known = read(probe);
      return known === undefined ? undefined : { value: 1, labels: known };
    },
  };
}

function nonEmpty(version: string | undefined): { readonly version: string } | undefined {
  return version === undefined || version === "" ? undefined : { version };
}
