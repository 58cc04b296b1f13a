import { describe, expect, it } from "@jest/globals";
import { actions } from "../../../src/actions/registry.ts";
import type { ActionContext } from "../../../src/actions/action.ts";
import { startSimulatedCluster } from "../../../src/sandbox/vault/start-simulated-cluster.ts";
import { createVaultCluster } from "../../../src/vault/create-cluster.ts";

/** An election, so that the next leader is not there at the first look. */
const ELECTION_MS = 300;

describe("vault.seal-cluster on a simulated Vault", () => {
  it("seals one leader after the other over HTTP, waits for the next, and names who is left", async () => {
    const clock = { now: () => Date.now() };
    await using server = await startSimulatedCluster({
      clock,
      nodes: 5,
      product: "vault",
      clusterName: "prod",
      electionMs: ELECTION_MS,
    });
    const cluster = createVaultCluster(
      {
        name: "prod",
        product: "auto",
        nodes: [...server.nodes],
        tls: {},
        token: { env: "TOKEN" },
        operatorToken: { env: "TOKEN" },
      },
      { identityMemory: { load: () => undefined, save: () => {} }, env: { TOKEN: server.rootToken } },
    );
    const context: ActionContext = { cluster, clock, signal: AbortSignal.timeout(60_000), services: {} };
    const seal = actions.get("vault.seal-cluster");
    try {
      const facts = await seal?.preconditions(context, { cluster: "prod" });
      expect(facts?.filter(({ ok }) => !ok)).toEqual([]);
      const output = await seal?.perform(context, { cluster: "prod" });

      expect(server.calls.filter(({ path }) => path === "sys/seal")).toHaveLength(3);
      expect(server.leader()).toBeUndefined();
      expect(output?.["not_sealed"]).toHaveLength(2);
      expect(await seal?.probe(context, { cluster: "prod" }, { at: 0 })).toEqual({
        verdict: "unknown",
        evidence: expect.stringContaining("stop the processes that are unsealed"),
      });
    } finally {
      await cluster.close();
    }
  });
});
