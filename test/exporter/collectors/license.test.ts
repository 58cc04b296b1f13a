import { describe, expect, it } from "@jest/globals";
import { license } from "../../../src/exporter/collectors/license.ts";
import { fakeCluster, type FakeClusterOptions, type FakeNode } from "../fake-cluster.ts";
import { outcomeOf, samplesOf } from "../scrape.ts";
import { recorded } from "../system-answers.ts";

const ENTERPRISE = { hasVaultOnlyKeys: true, enterprise: true, version: "2.0.4+ent" };

const cluster = (health: FakeNode["health"] = {}, answers: FakeClusterOptions["answers"] = {}) =>
  fakeCluster({ nodes: [{ name: "vault-0", state: "active", health }], answers });

const EXPIRES = `sealwatch_license_expiry_timestamp_seconds{vault_cluster="prod"} 1810598399`;
const TERMINATES = `sealwatch_license_termination_timestamp_seconds{vault_cluster="prod"} 2126217599`;
const TERMINATED = `sealwatch_license_terminated{vault_cluster="prod"} 0`;

describe("license collector", () => {
  it("writes when the licence expires, when Vault stops because of it, and whether it has", async () => {
    expect(await samplesOf(cluster(ENTERPRISE), license)).toBe(`${EXPIRES}\n${TERMINATES}\n${TERMINATED}`);
  });

  it.each([
    { name: "OpenBao", health: {} },
    { name: "Vault's Community Edition", health: { hasVaultOnlyKeys: true, version: "1.21.2" } },
  ])("asks nothing of $name, which has none", async ({ health }) => {
    const seen = cluster(health);

    expect(await samplesOf(seen, license)).toBe("");
    expect(seen.calls).toEqual([]);
  });

  it("says that the licence is terminated", async () => {
    const { license: block, ...rest } = recorded("vault-enterprise-health");
    const terminated = { ...rest, license: { ...(block as object), terminated: true } };

    expect(await samplesOf(cluster(ENTERPRISE, { "sys/health": terminated }), license)).toContain(
      `sealwatch_license_terminated{vault_cluster="prod"} 1`,
    );
  });

  it("leaves out what an older Vault does not say", async () => {
    const data = { autoloaded: { expiration_time: "2027-05-17T23:59:59Z" } };
    const { license: _license, ...withoutLicense } = recorded("vault-enterprise-health");
    const answers = { "sys/license/status": { data }, "sys/health": withoutLicense };

    expect(await samplesOf(cluster(ENTERPRISE, answers), license)).toBe(EXPIRES);
  });

  it.each(["denied", "not-found", "refused", "server-error", "invalid-answer"] as const)(
    "keeps what sys/health says when the licence's status is %s",
    async (reason) => {
      const seen = cluster(ENTERPRISE, { "sys/license/status": reason });

      expect(await outcomeOf(seen, license)).toEqual({ samples: `${EXPIRES}\n${TERMINATED}`, reason });
    },
  );

  it("keeps the licence's status when sys/health cannot be read again", async () => {
    const seen = cluster(ENTERPRISE, { "sys/health": "timeout" });

    expect(await outcomeOf(seen, license)).toEqual({ samples: `${EXPIRES}\n${TERMINATES}`, reason: "timeout" });
  });
});
