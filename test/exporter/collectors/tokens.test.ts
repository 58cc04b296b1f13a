import { describe, expect, it } from "@jest/globals";
import { tokens } from "../../../src/exporter/collectors/tokens.ts";
import { fakeCluster } from "../fake-cluster.ts";
import { outcomeOf, samplesOf } from "../scrape.ts";

const nodes = [
  { name: "vault-1", state: "standby" as const },
  { name: "vault-0", state: "active" as const },
];

describe("tokens collector", () => {
  it("writes Vault's own gauges, added up over namespaces, the largest first", async () => {
    const metrics = `vault_token_count{cluster="c",namespace="root"} 40
vault_token_count{cluster="c",namespace="team-a/"} 2
vault_token_count_by_auth{auth_method="token",cluster="c",namespace="root"} 5
vault_token_count_by_auth{auth_method="userpass",cluster="c",namespace="root"} 30
vault_token_count_by_auth{auth_method="userpass",cluster="c",namespace="team-a/"} 7
vault_token_count_by_policy{cluster="c",namespace="root",policy="default"} 42
vault_token_count_by_ttl{cluster="c",creation_ttl="+Inf",namespace="root"} 1
vault_token_create_count 99
`;

    expect(await samplesOf(fakeCluster({ nodes, metrics }), tokens)).toBe(
      `sealwatch_tokens{vault_cluster="prod"} 42
sealwatch_tokens_by_auth{vault_cluster="prod",auth_method="userpass"} 37
sealwatch_tokens_by_auth{vault_cluster="prod",auth_method="token"} 5
sealwatch_tokens_by_policy{vault_cluster="prod",policy="default"} 42
sealwatch_tokens_by_creation_ttl{vault_cluster="prod",creation_ttl="+Inf"} 1`,
    );
  });

  it("writes no more than the 50 largest of a kind", async () => {
    const series = Array.from(
      { length: 500 },
      (_, index) => `vault_token_count_by_policy{policy="p${index}"} ${index}`,
    );
    const cluster = fakeCluster({ nodes, metrics: `${series.join("\n")}\n` });

    const lines = (await samplesOf(cluster, tokens)).split("\n");

    expect(lines).toHaveLength(50);
    expect(lines[0]).toBe(`sealwatch_tokens_by_policy{vault_cluster="prod",policy="p499"} 499`);
    expect(lines.at(-1)).toBe(`sealwatch_tokens_by_policy{vault_cluster="prod",policy="p450"} 450`);
  });

  it("says nothing, and fails not, for as long as Vault has not counted", async () => {
    expect(await samplesOf(fakeCluster({ nodes, metrics: "vault_core_active 1\n" }), tokens)).toBe("");
  });

  it("fails when the metrics may not be read", async () => {
    const cluster = fakeCluster({ nodes: [{ name: "vault-0", state: "denied" }] });

    expect(await outcomeOf(cluster, tokens)).toEqual({ samples: "", reason: "denied" });
  });
});
