import { execFile } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "@jest/globals";
import { requireBinary } from "../support/binaries.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { ALERTS, SUBJECTS } from "./read-alerts.ts";

/** Runs a tool to its end: its exit code, and everything that it said. */
async function run(tool: "promtool" | "amtool", ...args: readonly string[]): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    execFile(requireBinary(tool), args, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, said: stdout + stderr });
    });
  });
}

/** Mistakes that real rules were published with (and some that these could have): for each, a case must fail. */
const MISTAKES = [
  { name: "a slow minute as an incident", subject: "audit", from: "for: 2m", to: "for: 0m" },
  { name: "waiting too long", subject: "audit", from: "for: 2m", to: "for: 30m" },
  {
    name: "one replica's network as an incident",
    subject: "audit",
    from: "min by (vault_cluster)",
    to: "max by (vault_cluster)",
  },
  {
    name: "one alert a replica",
    subject: "audit",
    from: "min by (vault_cluster) (sealwatch_audit_suspected)",
    to: "sealwatch_audit_suspected",
  },
  { name: "clusters that hide each other", subject: "audit", from: "min by (vault_cluster)", to: "min" },
  {
    name: "Vault's own counter",
    subject: "audit",
    from: "min by (vault_cluster) (sealwatch_audit_suspected) == 1",
    to: 'label_replace(sum(vault_audit_log_request_failure) > 0, "vault_cluster", "prod", "", "")',
  },
  { name: "no waiting", subject: "seal", from: "for: 1m", to: "for: 0m" },
  { name: "waiting too long", subject: "seal", from: "for: 1m", to: "for: 30m" },
  {
    name: "Vault's own gauge",
    subject: "seal",
    from: "(sealwatch_node_sealed) == 1",
    to: "(vault_core_unsealed) == 0",
  },
  {
    name: "an end when the node does not answer",
    subject: "seal",
    from: 'alertstate="firing"}',
    to: 'alertstate="never"}',
  },
  {
    name: "down taken for sealed",
    subject: "seal",
    from: '\n            and on (vault_cluster, vault_node) ALERTS{alertname="VaultNodeSealed", alertstate="firing"}',
    to: "",
  },
  {
    name: "one alert a replica",
    subject: "seal",
    from: "max by (vault_cluster, vault_node) (sealwatch_node_sealed)",
    to: "sealwatch_node_sealed",
  },
  {
    name: "one alert for all clusters",
    subject: "seal",
    from: "max by (vault_cluster, vault_node) (sealwatch_node_sealed)",
    to: "max by (vault_node) (sealwatch_node_sealed)",
  },
  {
    name: "no escape in the link",
    subject: "backup",
    from: "{{ $labels.destination | urlquery }}",
    to: "{{ $labels.destination }}",
  },
  {
    name: "silence when the count is gone",
    subject: "leader",
    from: "max by (vault_cluster) (sealwatch_cluster_expected_nodes)\n            unless on (vault_cluster) max by (vault_cluster) (sealwatch_cluster_active_nodes) >= 1",
    to: "max by (vault_cluster) (sealwatch_cluster_active_nodes) == 0",
  },
  {
    name: "clusters that hide each other",
    subject: "leader",
    from: "unless on (vault_cluster) max by (vault_cluster)",
    to: "unless on () max",
  },
  {
    name: "Vault's own gauge",
    subject: "leader",
    from: "max by (vault_cluster) (sealwatch_cluster_active_nodes) >= 1",
    to: 'label_replace(max(vault_core_active), "vault_cluster", "prod", "", "") >= 1',
  },
  { name: "two actives as an incident", subject: "leader", from: ">= 1", to: "== 1" },
  { name: "an election as an incident", subject: "leader", from: "for: 1m", to: "for: 0m" },
  {
    name: "a healthy cluster of three",
    subject: "quorum",
    from: "(sealwatch_raft_margin) <= 0",
    to: "(sealwatch_raft_margin) <= 1",
  },
  {
    name: "clusters of one and of two",
    subject: "quorum",
    from: "(sealwatch_raft_expected_margin) > 0",
    to: "(sealwatch_raft_expected_margin) >= 0",
  },
  {
    name: "our own network as an incident",
    subject: "quorum",
    from: "(sealwatch_raft_autopilot_healthy) == 1",
    to: "(sealwatch_raft_autopilot_healthy) == 2",
  },
  {
    name: "silence without autopilot",
    subject: "quorum",
    from: "unless max by (vault_cluster) (sealwatch_raft_autopilot_healthy) == 1",
    to: "and max by (vault_cluster) (sealwatch_raft_autopilot_healthy) == 0",
  },
  {
    name: "no name of the lost voter",
    subject: "quorum",
    from: "(sealwatch_raft_peer_healthy) == 0",
    to: "(sealwatch_raft_peer_healthy) == 2",
  },
  { name: "both parts for the same cluster", subject: "quorum", from: "or on (vault_cluster)", to: "or" },
  { name: "a restart as an incident", subject: "quorum", from: "for: 2m", to: "for: 0m" },
  { name: "one missed backup as an incident", subject: "backup", from: "<= 2 * max", to: "<= 1 * max" },
  { name: "three missed backups as none", subject: "backup", from: "<= 2 * max", to: "<= 9 * max" },
  {
    name: "silence when the time is missing",
    subject: "backup",
    from: "max by (vault_cluster, destination) (sealwatch_backup_interval_seconds)\n            unless on (vault_cluster, destination) (",
    to: "max by (vault_cluster, destination) (sealwatch_backup_interval_seconds and sealwatch_backup_last_object_timestamp_seconds)\n            unless on (vault_cluster, destination) (",
  },
  { name: "a hiccup as an incident", subject: "backup", from: "for: 15m", to: "for: 0m" },
  {
    name: "destinations that hide each other",
    subject: "backup",
    from: "unless on (vault_cluster, destination) (",
    to: "unless on (vault_cluster) (",
  },
  { name: "a restart as an incident", subject: "node", from: "for: 5m", to: "for: 3m" },
  { name: "waiting too long", subject: "node", from: "for: 5m", to: "for: 30m" },
  {
    name: "one alert a replica",
    subject: "node",
    from: "max by (vault_cluster, vault_node) (sealwatch_node_up)",
    to: "sealwatch_node_up",
  },
  { name: "one replica that is cut off as an incident", subject: "node", from: "max by", to: "min by" },
  {
    name: "one alert for all clusters",
    subject: "node",
    from: "max by (vault_cluster, vault_node) (sealwatch_node_up)",
    to: "max by (vault_node) (sealwatch_node_up)",
  },
  {
    name: "Vault's own gauge",
    subject: "node",
    from: "max by (vault_cluster, vault_node) (sealwatch_node_up)",
    to: 'label_replace(vault_core_active, "vault_node", "vault-0", "", "")',
  },
  {
    name: "no escape in the link",
    subject: "node",
    from: "{{ $labels.vault_node | urlquery }}",
    to: "{{ $labels.vault_node }}",
  },
  { name: "one bad look as an incident", subject: "kms", from: "for: 2m", to: "for: 0m" },
  { name: "waiting too long", subject: "kms", from: "for: 2m", to: "for: 30m" },
  {
    name: "Vault's own gauge",
    subject: "kms",
    from: "max by (vault_cluster) (sealwatch_kms_healthy) == 0\n",
    to: 'label_replace(vault_seal_unreachable_time, "vault_cluster", "prod", "", "") > 0\n',
  },
  {
    name: "an end when another node becomes active",
    subject: "kms",
    from: 'alertstate="firing"}',
    to: 'alertstate="never"}',
  },
  {
    name: "no end when it works again",
    subject: "kms",
    from: "\n            unless on (vault_cluster) max by (vault_cluster) (sealwatch_kms_healthy) == 1",
    to: "",
  },
  {
    name: "no end when there is no key service any more",
    subject: "kms",
    from: "(sealwatch_node_seal_recovery) == 1",
    to: "(sealwatch_node_seal_recovery) >= 0",
  },
  {
    name: "a silent collector as an incident",
    subject: "kms",
    from: '\n            and on (vault_cluster) ALERTS{alertname="VaultKmsUnavailable", alertstate="firing"}',
    to: "",
  },
  {
    name: "one alert a replica",
    subject: "kms",
    from: "max by (vault_cluster) (sealwatch_kms_healthy) == 0",
    to: "sealwatch_kms_healthy == 0",
  },
  {
    name: "clusters that hide each other",
    subject: "kms",
    from: "unless on (vault_cluster) max by (vault_cluster)",
    to: "unless on () max",
  },
  { name: "an election as an incident", subject: "collector", from: "for: 15m", to: "for: 10m" },
  { name: "waiting too long", subject: "collector", from: "for: 15m", to: "for: 45m" },
  {
    name: "collectors that hide each other",
    subject: "collector",
    from: "max by (vault_cluster, collector)",
    to: "max by (vault_cluster)",
  },
  {
    name: "clusters that hide each other",
    subject: "collector",
    from: "max by (vault_cluster, collector)",
    to: "max by (collector)",
  },
  {
    name: "one alert a replica",
    subject: "collector",
    from: "max by (vault_cluster, collector) (sealwatch_collector_success)",
    to: "sealwatch_collector_success",
  },
  {
    name: "a node that is down as a failure to read it",
    subject: "collector",
    from: "(sealwatch_collector_success) == 0",
    to: "(sealwatch_collector_success) == 0 or sealwatch_node_up == 0",
  },
];

describeWith(["promtool"], "the alert rules", () => {
  it.each(SUBJECTS)("of %s are read by Prometheus", async (subject) => {
    const { code, said } = await run("promtool", "check", "rules", `${ALERTS}${subject}.rules.yaml`);

    expect([code, said]).toEqual([0, expect.stringContaining("SUCCESS: 1 rules found")]);
  });

  it.each(SUBJECTS)("of %s do what their cases say", async (subject) => {
    const { code, said } = await run("promtool", "test", "rules", `${ALERTS}${subject}.test.yaml`);

    expect([code, said]).toEqual([0, expect.stringContaining("SUCCESS")]);
  });

  it.each(MISTAKES)("of $subject have a case against $name", async ({ subject, from, to }) => {
    await using directory = await temporaryDirectory();
    const rules = await readFile(`${ALERTS}${subject}.rules.yaml`, "utf8");
    expect(rules).toContain(from);
    await writeFile(path.join(directory.path, `${subject}.rules.yaml`), rules.replaceAll(from, to));
    await cp(`${ALERTS}${subject}.test.yaml`, path.join(directory.path, `${subject}.test.yaml`));

    const check = await run("promtool", "check", "rules", path.join(directory.path, `${subject}.rules.yaml`));
    const { code, said } = await run("promtool", "test", "rules", path.join(directory.path, `${subject}.test.yaml`));

    expect(check).toMatchObject({ code: 0 });
    expect([code, said]).toEqual([1, expect.stringMatching(/\bexp:|Annotations/u)]);
  });
});

describeWith(["amtool"], "alertmanager.example.yaml", () => {
  const file = `${ALERTS}alertmanager.example.yaml`;

  it("is a configuration that Alertmanager reads", async () => {
    const { code, said } = await run("amtool", "check-config", file);

    expect([code, said]).toEqual([0, expect.stringContaining("7 inhibit rules")]);
  });

  it.each([
    {
      name: "an alert with a runbook",
      labels: ["alertname=VaultNodeSealed", "runbook=sealed-node"],
      receiver: "sealwatch",
    },
    {
      name: "an alert about sealwatch, which no runbook answers,",
      labels: ["alertname=SealwatchCollectorFailing", "vault_cluster=prod"],
      receiver: "nobody",
    },
    { name: "somebody else's alert", labels: ["alertname=DiskFull"], receiver: "nobody" },
  ])("sends $name to $receiver", async ({ labels, receiver }) => {
    const { code, said } = await run("amtool", "config", "routes", "test", `--config.file=${file}`, ...labels);

    expect([code, said.split("\n")]).toEqual([0, expect.arrayContaining([receiver])]);
  });
});
