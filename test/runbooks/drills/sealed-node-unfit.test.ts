import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import type { OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { describeWith } from "../../support/real.ts";
import { carryOut } from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { endDrill } from "./record.ts";
import { standbysOf, stepsOf, wordsOf } from "./seen.ts";

const SHAMIR = { nodes: 3, seal: { type: "shamir", shares: 3, threshold: 2 } } as const;
const CLUSTER = "3 nodes, Shamir 2 of 3";

/** A node that can join finds its peers and is sealed, not empty: as long as none is found it says that it is not initialised. */
async function forgetPeers({ directory }: OpenBaoNode): Promise<void> {
  const file = join(directory, "server.hcl");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replaceAll(/ {2}retry_join \{[^}]*\}\n/gu, ""));
}

describeWith(["openbao", "openssl"], "sealed-node on a real node that must not be unsealed", () => {
  it("without its data: it says that the volume is wrong, and initialises nothing", async () => {
    await using world = await startDrill(SHAMIR);
    const { cluster } = world;
    const [node] = await standbysOf(cluster);
    await node.kill();
    await node.removeData();
    await forgetPeers(node);
    await node.start();

    const carried = await carryOut(world, { command: `runbook sealed-node prod ${node.name}` }, {});

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "stopped" });
    expect(wordsOf(carried.ended)).toContain(`\`${node.name}\` is empty, not sealed`);
    expect(stepsOf(carried.ended)["seal"]).toBe("pending");
    expect(await cluster.call(node, "GET", "sys/health", undefined, "")).toMatchObject({
      statusCode: 501,
      body: { initialized: false },
    });
    await endDrill(world, carried, {
      name: "sealed-node-uninitialised",
      fault: "a node started with an empty data directory and found none of its peers",
      cluster: CLUSTER,
      begun: "command",
      verified: "the node's own sys/health still says 501, not initialised",
    });
  }, 120_000);

  it("removed from raft and started again: OpenBao calls it sealed, raft does not list it, and nobody is asked for a share", async () => {
    await using world = await startDrill(SHAMIR);
    const { cluster } = world;
    const [node] = await standbysOf(cluster);
    const leader = await cluster.activeNode();
    await cluster.call(leader, "POST", "sys/storage/raft/remove-peer", { server_id: node.name });
    await node.kill();
    await node.start();

    const carried = await carryOut(world, { alert: "VaultNodeSealed", labels: { vault_node: node.name } }, {});

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "stopped" });
    expect(wordsOf(carried.ended)).toContain(`\`${node.name}\` is sealed, but it is no member any more`);
    expect(stepsOf(carried.ended)).toMatchObject({ member: "done", membership: "done", each: "pending" });
    const { body } = await cluster.call(node, "GET", "sys/seal-status", undefined, "");
    expect(body).toMatchObject({ sealed: true, progress: 0, initialized: true });
    const raft = await cluster.call(leader, "GET", "sys/storage/raft/configuration");
    expect(JSON.stringify(raft.body)).not.toContain(`"${node.name}"`);
    await endDrill(world, carried, {
      name: "sealed-node-removed",
      fault: "a standby was removed from raft and its process started again with its old data",
      cluster: CLUSTER,
      begun: "alert VaultNodeSealed",
      verified: "the node is sealed without a share entered, and raft's configuration does not list it",
    });
  }, 120_000);

  it("that hangs or does not run: nobody says that it is sealed, and nobody calls it lost", async () => {
    await using world = await startDrill(SHAMIR);
    const { cluster } = world;
    const [hanging, killed] = await standbysOf(cluster);
    hanging.suspend();
    const first = await carryOut(world, { command: `runbook sealed-node prod ${hanging.name}` }, {});
    hanging.resume();
    await killed.kill();
    const second = await carryOut(world, { command: `runbook sealed-node prod ${killed.name}` }, {});

    for (const { ended } of [first, second]) {
      expect(ended.run).toMatchObject({ status: "finished", result: "stopped" });
      expect(stepsOf(ended)).toMatchObject({ answers: "done", neighbour: "done", has_data: "pending" });
      expect(wordsOf(ended)).toContain("does not answer at all, so nobody can say that it is sealed");
    }
    await waitFor("the node that hung, unsealed as it was", async () =>
      (await cluster.call(hanging, "GET", "sys/health", undefined, "")).statusCode === 429 ? true : undefined,
    );
    await endDrill(world, first, {
      name: "sealed-node-hangs",
      fault: "a standby hangs (SIGSTOP)",
      cluster: CLUSTER,
      begun: "command",
      verified: "sys/health of the node says unsealed, 429, as soon as it goes on",
    });
    await endDrill(world, second, {
      name: "sealed-node-killed",
      fault: "a standby's process is killed",
      cluster: CLUSTER,
      begun: "command",
      verified: "no process of the node runs, and the other two serve",
    });
  }, 120_000);
});
