import { describe, expect, it } from "@jest/globals";
import { keyring } from "../../../src/exporter/collectors/keyring.ts";
import { fakeCluster } from "../fake-cluster.ts";
import { outcomeOf, samplesOf } from "../scrape.ts";

const nodes = [
  { name: "vault-1", state: "standby" as const },
  { name: "vault-0", state: "active" as const },
];

describe("keyring collector", () => {
  it("writes the key's number, when it was made and what it encrypted, as the active node counts it", async () => {
    const cluster = fakeCluster({ nodes });

    expect(await samplesOf(cluster, keyring)).toBe(
      `sealwatch_keyring_term{vault_cluster="prod"} 2
sealwatch_keyring_install_timestamp_seconds{vault_cluster="prod"} 1795334578.084
sealwatch_keyring_encryptions{vault_cluster="prod"} 4`,
    );
    expect(cluster.calls.map(({ node }) => node)).toEqual(["vault-0"]);
  });

  it("leaves out what Vault does not know", async () => {
    const data = { term: 1, install_time: "0001-01-01T00:00:00Z" };
    const cluster = fakeCluster({ nodes, answers: { "sys/key-status": { data } } });

    expect(await samplesOf(cluster, keyring)).toBe(`sealwatch_keyring_term{vault_cluster="prod"} 1`);
  });

  it.each(["denied", "not-found", "refused", "server-error", "invalid-answer"] as const)(
    "writes nothing when it is %s",
    async (reason) => {
      const cluster = fakeCluster({ nodes, answers: { "sys/key-status": reason } });

      expect(await outcomeOf(cluster, keyring)).toEqual({ samples: "", reason });
    },
  );
});
