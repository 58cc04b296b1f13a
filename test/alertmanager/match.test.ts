import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { matchRunbook, type MatchableRunbook } from "../../src/alertmanager/match.ts";

const runbooks: readonly MatchableRunbook[] = [
  {
    id: "sealed-node",
    alerts: ["VaultNodeSealed", "VaultNoActiveNode"],
    inputs: {
      cluster: { type: "cluster" },
      node: { type: "node" },
      reason: { type: "string" },
      team: { type: "string", label: "owner" },
    },
  },
  {
    id: "lost-peer",
    alerts: ["VaultQuorumAtRisk"],
    inputs: { where: { type: "cluster", label: "site" }, node: { type: "node" } },
  },
  { id: "any-seal", alerts: ["VaultNodeSealed"], inputs: {} },
];

const full = {
  alertname: "VaultNodeSealed",
  vault_cluster: "prod",
  vault_node: "vault-2",
  owner: "core",
  site: "east",
};

describe("matching an alert to a runbook", () => {
  it.each([
    { name: "goes by the alert's name", labels: { alertname: "VaultQuorumAtRisk" }, runbook: "lost-peer" },
    {
      name: "takes the first runbook that lists the name",
      labels: { alertname: "VaultNodeSealed" },
      runbook: "sealed-node",
    },
    { name: "takes any of a runbook's alerts", labels: { alertname: "VaultNoActiveNode" }, runbook: "sealed-node" },
    { name: "prefers the label", labels: { alertname: "VaultNodeSealed", runbook: "any-seal" }, runbook: "any-seal" },
    { name: "needs no name when there is a label", labels: { runbook: "lost-peer" }, runbook: "lost-peer" },
    {
      name: "falls back to the name when the label names none",
      labels: { alertname: "VaultNodeSealed", runbook: "gone" },
      runbook: "sealed-node",
    },
    {
      name: "takes an empty label for none",
      labels: { alertname: "VaultQuorumAtRisk", runbook: "" },
      runbook: "lost-peer",
    },
  ])("$name", ({ labels, runbook }) => {
    expect(matchRunbook(labels, runbooks)?.runbook).toBe(runbook);
  });

  it.each([
    { name: "an alert that no runbook lists", labels: { alertname: "DiskFull" } },
    { name: "an alert without labels", labels: {} },
    { name: "a label with the name of an object's own machinery", labels: { runbook: "constructor" } },
  ])("finds none for $name", ({ labels }) => {
    expect(matchRunbook(labels, runbooks)).toBeUndefined();
  });

  it("fills clusters and nodes by type, an input with a label by its label, and leaves the others out", () => {
    expect(matchRunbook(full, runbooks)?.inputs).toEqual({ cluster: "prod", node: "vault-2", team: "core" });
  });

  it("prefers an input's label to its type", () => {
    expect(matchRunbook({ ...full, runbook: "lost-peer" }, runbooks)?.inputs).toEqual({
      where: "east",
      node: "vault-2",
    });
  });

  it("leaves out what the alert does not say", () => {
    const labels = { alertname: "VaultNodeSealed", vault_cluster: "prod", vault_node: "" };
    expect(matchRunbook(labels, runbooks)?.inputs).toEqual({ cluster: "prod" });
  });

  it("only ever gives declared inputs, and only values that a label has", () => {
    const labels = fc.dictionary(
      fc.constantFrom(...Object.keys(full), "runbook", "alertname", "toString"),
      fc.string(),
    );
    fc.assert(
      fc.property(labels, (given) => {
        const match = matchRunbook({ alertname: "VaultNodeSealed", ...given }, runbooks);
        const declared = runbooks.find(({ id }) => id === match?.runbook)?.inputs ?? {};
        for (const [name, value] of Object.entries(match?.inputs ?? {})) {
          expect(Object.keys(declared)).toContain(name);
          expect(Object.values(given)).toContain(value);
        }
      }),
    );
  });
});
