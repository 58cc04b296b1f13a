import { describe, expect, it } from "@jest/globals";
import { ownToken } from "../../../src/exporter/collectors/own-token.ts";
import { tokenLookupSelf } from "../../../src/vault/endpoints/token-lookup-self.ts";
import { fakeCluster } from "../fake-cluster.ts";
import { outcomeOf, samplesOf } from "../scrape.ts";
import { recorded } from "../system-answers.ts";

const nodes = [
  { name: "vault-1", state: "standby" as const },
  { name: "vault-0", state: "active" as const },
];

describe("own-token collector", () => {
  it("writes when the token ends and whether it can be renewed", async () => {
    expect(await samplesOf(fakeCluster({ nodes }), ownToken)).toBe(
      `sealwatch_token_expire_timestamp_seconds{vault_cluster="prod"} 1795341777.225
sealwatch_token_ttl_seconds{vault_cluster="prod"} 7199
sealwatch_token_expires{vault_cluster="prod"} 1
sealwatch_token_renewable{vault_cluster="prod"} 1
sealwatch_token_orphan{vault_cluster="prod"} 0`,
    );
  });

  it("writes no end for a root token, which has none", async () => {
    const answers = { "auth/token/lookup-self": recorded("openbao-lookup-self-root") };

    expect(await samplesOf(fakeCluster({ nodes, answers }), ownToken)).toBe(
      `sealwatch_token_expires{vault_cluster="prod"} 0
sealwatch_token_renewable{vault_cluster="prod"} 0
sealwatch_token_orphan{vault_cluster="prod"} 1`,
    );
  });

  it("keeps neither the token nor its accessor nor its policies", () => {
    const kept = JSON.stringify(tokenLookupSelf.answer.parse(recorded("openbao-lookup-self")));

    expect(kept).toBe(`{"expiresAtSeconds":1795341777.225,"ttlSeconds":7199,"renewable":true,"orphan":false}`);
  });

  it.each(["denied", "not-found", "refused", "server-error", "invalid-answer"] as const)(
    "writes nothing when it is %s",
    async (reason) => {
      const cluster = fakeCluster({ nodes, answers: { "auth/token/lookup-self": reason } });

      expect(await outcomeOf(cluster, ownToken)).toEqual({ samples: "", reason });
    },
  );
});
