import type { PageSample } from "./exposition.ts";

/** The label sets for which an alert fires. */
export type Firing = readonly Readonly<Record<string, string>>[];

/** A rule of the demo: what the real one in `alerts/` says, without its waiting time, and with Alertmanager's inhibition in it. */
export type DemoRule = {
  readonly alert: string;
  readonly runbook: string;
  readonly summary: (labels: Readonly<Record<string, string>>) => string;
  readonly firing: (samples: readonly PageSample[]) => Firing;
};

/** `VaultNodeSealed` and `VaultQuorumAtRisk` as functions of one metrics page. */
export const demoRules: readonly DemoRule[] = [
  {
    alert: "VaultNodeSealed",
    runbook: "sealed-node",
    summary: (labels) => `${labels["vault_node"]} of ${labels["vault_cluster"]} is sealed`,
    firing: (samples) => labelsOf(samples, "sealwatch_node_sealed", (value) => value === 1),
  },
  {
    alert: "VaultQuorumAtRisk",
    runbook: "lost-peer",
    summary: (labels) => `${labels["vault_cluster"]} stops if it loses one more voter`,
    firing: (samples) => {
      const clusters = labelsOf(samples, "sealwatch_raft_margin", (value) => value <= 0).map(
        (labels) => labels["vault_cluster"],
      );
      const large = labelsOf(samples, "sealwatch_raft_expected_margin", (value) => value > 0).map(
        (labels) => labels["vault_cluster"],
      );
      const sealed = labelsOf(samples, "sealwatch_node_sealed", (value) => value === 1).map(
        (labels) => labels["vault_node"],
      );
      const calm = labelsOf(samples, "sealwatch_raft_autopilot_healthy", (value) => value === 1).map(
        (labels) => labels["vault_cluster"],
      );
      return labelsOf(samples, "sealwatch_raft_peer_healthy", (value) => value === 0).filter(
        ({ vault_cluster: cluster, vault_node: node }) =>
          clusters.includes(cluster) && large.includes(cluster) && !calm.includes(cluster) && !sealed.includes(node),
      );
    },
  },
];

function labelsOf(samples: readonly PageSample[], name: string, holds: (value: number) => boolean): Firing {
  return samples.filter((sample) => sample.name === name && holds(sample.value)).map(({ labels }) => labels);
}
