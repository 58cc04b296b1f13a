import { describe, expect, it } from "@jest/globals";
import { readSamples } from "../../../src/sandbox/alerting/exposition.ts";
import { demoRules } from "../../../src/sandbox/alerting/rules.ts";
import { readRules, SUBJECTS } from "../../alerts/read-alerts.ts";

const at = (node: string) => `{vault_cluster="prod",vault_node="${node}"}`;
const lost = [
  'sealwatch_raft_margin{vault_cluster="prod"} 0',
  'sealwatch_raft_expected_margin{vault_cluster="prod"} 1',
  'sealwatch_raft_autopilot_healthy{vault_cluster="prod"} 0',
  `sealwatch_raft_peer_healthy${at("vault-0")} 1`,
  `sealwatch_raft_peer_healthy${at("vault-2")} 0`,
];
const without = (part: string, instead: string) => lost.map((line) => (line.startsWith(part) ? instead : line));

const cases: readonly { name: string; alert: string; page: readonly string[]; nodes: readonly string[] }[] = [
  {
    name: "a sealed node, and not one that is unsealed",
    alert: "VaultNodeSealed",
    page: [`sealwatch_node_sealed${at("vault-0")} 0`, `sealwatch_node_sealed${at("vault-1")} 1`],
    nodes: ["vault-1"],
  },
  { name: "no node when none is seen", alert: "VaultNodeSealed", page: [], nodes: [] },
  { name: "a lost voter without margin", alert: "VaultQuorumAtRisk", page: lost, nodes: ["vault-2"] },
  {
    name: "nobody while another voter may be lost",
    alert: "VaultQuorumAtRisk",
    page: without("sealwatch_raft_margin", 'sealwatch_raft_margin{vault_cluster="prod"} 1'),
    nodes: [],
  },
  {
    name: "nobody in a cluster that never has a margin",
    alert: "VaultQuorumAtRisk",
    page: without("sealwatch_raft_expected", 'sealwatch_raft_expected_margin{vault_cluster="prod"} 0'),
    nodes: [],
  },
  {
    name: "nobody while autopilot calls every server healthy",
    alert: "VaultQuorumAtRisk",
    page: without("sealwatch_raft_autopilot", 'sealwatch_raft_autopilot_healthy{vault_cluster="prod"} 1'),
    nodes: [],
  },
  {
    name: "nobody for a voter that is sealed: VaultNodeSealed speaks of it already",
    alert: "VaultQuorumAtRisk",
    page: [...lost, `sealwatch_node_sealed${at("vault-2")} 1`],
    nodes: [],
  },
  {
    name: "a lost voter though another node is sealed",
    alert: "VaultQuorumAtRisk",
    page: [...lost, `sealwatch_node_sealed${at("vault-1")} 1`],
    nodes: ["vault-2"],
  },
  {
    name: "nobody of another cluster",
    alert: "VaultQuorumAtRisk",
    page: [...lost, 'sealwatch_raft_peer_healthy{vault_cluster="stage",vault_node="stage-0"} 0'],
    nodes: ["vault-2"],
  },
];

describe("demoRules", () => {
  it.each(cases)("$alert fires for $name", ({ alert, page, nodes }) => {
    const firing = ruleOf(alert).firing(readSamples(page.join("\n")));
    expect(firing.map((labels) => labels["vault_node"])).toEqual(nodes);
  });

  it("have the name, the runbook and the summary of the real alerts", async () => {
    const rules = (await Promise.all(SUBJECTS.map(readRules))).flat();
    const real = new Map(rules.map((rule) => [rule.alert, rule]));
    for (const rule of demoRules) {
      const labels = { vault_cluster: "prod", vault_node: "vault-2" };
      const summary = String(real.get(rule.alert)?.annotations["summary"])
        .replace("{{ $labels.vault_node }}", labels.vault_node)
        .replace("{{ $labels.vault_cluster }}", labels.vault_cluster);
      expect(real.get(rule.alert)?.labels["runbook"]).toBe(rule.runbook);
      expect(rule.summary(labels)).toBe(summary);
    }
  });
});

function ruleOf(name: string) {
  const rule = demoRules.find(({ alert }) => alert === name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return rule;
}
