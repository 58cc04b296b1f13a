import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { startAlertmanager, type RunningAlertmanager } from "../support/alertmanager.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { ALERTS } from "./read-alerts.ts";

type Labels = Readonly<Record<string, string>>;

/** Two alerts of one cluster, and whether the first silences the second. */
const CASES: readonly { name: string; source: Labels; target: Labels; silenced: boolean }[] = [
  {
    name: "a node that is sealed is not also called a lost voter",
    source: { alertname: "VaultNodeSealed", vault_node: "vault-2" },
    target: { alertname: "VaultQuorumAtRisk", vault_node: "vault-2" },
    silenced: true,
  },
  {
    name: "another node that is lost still is",
    source: { alertname: "VaultNodeSealed", vault_node: "vault-2" },
    target: { alertname: "VaultQuorumAtRisk", vault_node: "vault-1" },
    silenced: false,
  },
  {
    name: "a lost voter is not also called unreachable",
    source: { alertname: "VaultQuorumAtRisk", vault_node: "vault-2" },
    target: { alertname: "VaultNodeUnreachable", vault_node: "vault-2" },
    silenced: true,
  },
  {
    name: "another node that is unreachable still is",
    source: { alertname: "VaultQuorumAtRisk", vault_node: "vault-2" },
    target: { alertname: "VaultNodeUnreachable", vault_node: "vault-1" },
    silenced: false,
  },
  {
    name: "a lost voter that is no configured node hides no configured one",
    source: { alertname: "VaultQuorumAtRisk", raft_node_id: "n9" },
    target: { alertname: "VaultNodeUnreachable", vault_node: "vault-1" },
    silenced: false,
  },
  {
    name: "a key service that is away hides no sealed node",
    source: { alertname: "VaultKmsUnavailable" },
    target: { alertname: "VaultNodeSealed", vault_node: "vault-2" },
    silenced: false,
  },
  {
    name: "without an active node, the nodes that have to be brought back are named",
    source: { alertname: "VaultNoActiveNode" },
    target: { alertname: "VaultNodeUnreachable", vault_node: "vault-1" },
    silenced: false,
  },
  {
    name: "without an active node, raft cannot be read",
    source: { alertname: "VaultNoActiveNode" },
    target: { alertname: "SealwatchCollectorFailing", collector: "raft" },
    silenced: true,
  },
  {
    name: "without an active node, what nodes say can be read",
    source: { alertname: "VaultNoActiveNode" },
    target: { alertname: "SealwatchCollectorFailing", collector: "node" },
    silenced: false,
  },
  {
    name: "while nothing audited is answered, raft cannot be read either",
    source: { alertname: "VaultAuditBlocked" },
    target: { alertname: "SealwatchCollectorFailing", collector: "raft" },
    silenced: true,
  },
  {
    name: "while nothing audited is answered, backups can be listed",
    source: { alertname: "VaultAuditBlocked" },
    target: { alertname: "SealwatchCollectorFailing", collector: "backup" },
    silenced: false,
  },
  {
    name: "a destination that cannot be listed is a stale backup",
    source: { alertname: "VaultBackupStale", destination: "nfs" },
    target: { alertname: "SealwatchCollectorFailing", collector: "backup" },
    silenced: true,
  },
];

describeWith(["alertmanager"], "the inhibitions of alertmanager.example.yaml", () => {
  const resources = new AsyncDisposableStack();
  let alertmanager: RunningAlertmanager;

  beforeAll(async () => {
    const { path: directory } = resources.use(await temporaryDirectory());
    const { inhibit_rules: inhibitRules } = parse(await readFile(`${ALERTS}alertmanager.example.yaml`, "utf8")) as {
      inhibit_rules: readonly unknown[];
    };
    // Nothing listens at port 1: what is sent does not matter here.
    const options = { directory, webhookUrl: "http://127.0.0.1:1/", groupBy: ["vault_cluster"], inhibitRules };
    alertmanager = resources.use(await startAlertmanager(options));
    const alerts = CASES.flatMap(({ source, target }, index) =>
      [source, target].map((labels) => ({ labels: { ...labels, vault_cluster: `case-${index}` } })),
    );
    const answer = await fetch(`${alertmanager.address}/api/v2/alerts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(alerts),
    });
    expect(answer.status).toBe(200);
  });

  afterAll(() => resources.disposeAsync());

  it.each(CASES.map((each, index) => ({ ...each, cluster: `case-${index}` })))(
    "$name",
    async ({ target, silenced, cluster }) => {
      const state = await waitFor(`the alerts of ${cluster}`, async () => {
        const ours = (await alertmanager.alerts()).filter(({ labels }) => labels["vault_cluster"] === cluster);
        const found = ours.find(({ labels }) => labels["alertname"] === target["alertname"]);
        return found === undefined || found.status.state === "unprocessed" ? undefined : found.status.state;
      });

      expect(state).toBe(silenced ? "suppressed" : "active");
    },
  );
});
