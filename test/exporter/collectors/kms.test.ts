import { describe, expect, it } from "@jest/globals";
import { kms } from "../../../src/exporter/collectors/kms.ts";
import { fakeCluster, type FakeClusterOptions, type FakeNode } from "../fake-cluster.ts";
import { outcomeOf, samplesOf } from "../scrape.ts";

const AUTO_UNSEAL = { type: "awskms", recoverySeal: true };
const VAULT = { hasVaultOnlyKeys: true, version: "2.0.4" };

const cluster = (facts: Pick<FakeNode, "health" | "seal">, options: Omit<FakeClusterOptions, "nodes"> = {}) =>
  fakeCluster({ nodes: [{ name: "vault-0", state: "active", ...facts }], ...options });

const gone = (milliseconds: number) => ({ metrics: `vault_seal_unreachable_time{cluster="c"} ${milliseconds}\n` });

describe("kms collector", () => {
  it("asks nothing and writes nothing with a Shamir seal", async () => {
    const shamir = cluster({ health: VAULT });

    expect(await samplesOf(shamir, kms)).toBe("");
    expect(shamir.calls).toEqual([]);
  });

  it.each([
    { name: "healthy while it can be reached", milliseconds: 0, healthy: 1, seconds: 0 },
    { name: "not healthy for as long as it cannot", milliseconds: 90_500, healthy: 0, seconds: 90.5 },
  ])("calls the KMS of OpenBao $name", async ({ milliseconds, healthy, seconds }) => {
    expect(await samplesOf(cluster({ seal: AUTO_UNSEAL }, gone(milliseconds)), kms)).toBe(
      `sealwatch_kms_healthy{vault_cluster="prod"} ${healthy}
sealwatch_kms_unreachable_seconds{vault_cluster="prod"} ${seconds}`,
    );
  });

  it("writes nothing before OpenBao looked for the first time", async () => {
    expect(await samplesOf(cluster({ seal: AUTO_UNSEAL }), kms)).toBe("");
  });

  it("writes what Vault says of its seals, each by its name", async () => {
    expect(await samplesOf(cluster({ seal: AUTO_UNSEAL, health: VAULT }, gone(0)), kms)).toBe(
      `sealwatch_kms_healthy{vault_cluster="prod"} 0
sealwatch_kms_unreachable_seconds{vault_cluster="prod"} 0
sealwatch_kms_backend_healthy{vault_cluster="prod",backend="hsm"} 1
sealwatch_kms_backend_healthy{vault_cluster="prod",backend="transit"} 0`,
    );
  });

  it("sends no token to look at Vault's seals", async () => {
    const seen = cluster({ seal: AUTO_UNSEAL, health: VAULT });

    await samplesOf(seen, kms);

    expect(seen.calls.map(({ path }) => path)).toEqual(["sys/metrics"]);
  });

  it("goes by its metrics where Vault is too old to say", async () => {
    const old = { ...gone(5000), answers: { "sys/seal-backend-status": "not-found" } };

    expect(await samplesOf(cluster({ seal: AUTO_UNSEAL, health: VAULT }, old), kms)).toBe(
      `sealwatch_kms_healthy{vault_cluster="prod"} 0\nsealwatch_kms_unreachable_seconds{vault_cluster="prod"} 5`,
    );
  });

  it.each(["denied", "refused", "server-error", "invalid-answer"] as const)(
    "keeps what the metrics say when the seals are %s",
    async (reason) => {
      const answers = { "sys/seal-backend-status": reason };

      expect(await outcomeOf(cluster({ seal: AUTO_UNSEAL, health: VAULT }, { ...gone(0), answers }), kms)).toEqual({
        samples: `sealwatch_kms_healthy{vault_cluster="prod"} 1\nsealwatch_kms_unreachable_seconds{vault_cluster="prod"} 0`,
        reason,
      });
    },
  );

  it("keeps what Vault says of its seals when its metrics cannot be read", async () => {
    const node = { name: "vault-0", state: "active" as const, seal: AUTO_UNSEAL, health: VAULT };
    const answers = { "sys/seal-backend-status": { healthy: true } };
    const seen = fakeCluster({ nodes: [node], answers, metrics: "denied" });

    expect(await outcomeOf(seen, kms)).toEqual({
      samples: `sealwatch_kms_healthy{vault_cluster="prod"} 1`,
      reason: "denied",
    });
  });
});
