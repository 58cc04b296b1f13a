import { expect, it } from "@jest/globals";
import { createRaftDiscovery } from "../../src/discovery/raft.ts";
import { renderPolicy } from "../../src/lib/vault-policy.ts";
import type { OpenBaoCluster } from "../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { createVaultCluster } from "../../src/vault/create-cluster.ts";
import { openBaoForTest } from "../support/openbao.ts";
import { describeWith } from "../support/real.ts";
import { manualWorld } from "./world.ts";

/** A look at a real cluster of which only the first node is configured, with a token that may read its members and nothing else. */
async function lookAt(bao: OpenBaoCluster) {
  const policy = renderPolicy([{ path: "sys/storage/raft/configuration", capabilities: ["read"] }]);
  const token = await bao.createToken(policy);
  const configured = bao.nodes.slice(0, 1).map(({ name, address }) => ({ name, address, raftNodeId: name }));
  const cluster = createVaultCluster(
    { name: "prod", product: "openbao", nodes: configured, tls: { caFile: bao.caFile }, token: { env: "READ" } },
    { identityMemory: { load: () => undefined, save: () => {} }, env: { READ: token } },
  );
  const manual = manualWorld();
  const discovery = createRaftDiscovery(
    { scheme: "https", port: 8200, refresh: 30_000, configured, cluster: () => cluster },
    manual.world,
  );
  await discovery.start();
  const dispose = async (): Promise<void> => {
    discovery.stop();
    await cluster.close();
  };
  return { ...manual, discovery, [Symbol.asyncDispose]: dispose };
}

describeWith(["openbao"], "discovery of a real cluster's members", () => {
  it("finds those that are not configured, the dead ones among them, and keeps them while nobody leads", async () => {
    await using bao = await openBaoForTest({ nodes: 3 });
    await bao.nodes[2]?.kill();
    await using looked = await lookAt(bao);
    const { discovery } = looked;

    const found = ["vault-1", "vault-2"].map((name) => ({
      name,
      address: "https://127.0.0.1:8200",
      raftNodeId: name,
    }));
    expect(discovery.nodes()).toEqual(found);
    expect(discovery.status().stale).toBe(false);
    await bao.nodes[0]?.seal();
    await looked.time.advance(30_000);
    await waitFor("a look that failed", async () =>
      discovery.status().stale ? await Promise.resolve(true) : undefined,
    );

    expect(discovery.nodes()).toEqual(found);
  });
});
