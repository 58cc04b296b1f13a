import { expect, it } from "@jest/globals";
import type { LoadedRun } from "../../../src/runner/ports.ts";
import type { OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";
import { describeWith } from "../../support/real.ts";
import { carryOut, mended, playOut, seeRun, type Scene } from "./carry-out.ts";
import { startDrill, type DrillWorld } from "./drill-world.ts";
import { begin } from "../../support/slack-hands.ts";
import { endDrill } from "./record.ts";
import { standbysOf, stepsOf } from "./seen.ts";

const SHAMIR = { nodes: 3, seal: { type: "shamir", shares: 3, threshold: 2 } } as const;

/** Which node the holders of shares stand at, in a round of the loop. */
function nodeAt({ cluster }: DrillWorld, { run }: LoadedRun): OpenBaoNode {
  const step = run.status === "open" && "step" in run.phase ? run.phase.step : "";
  const round = Number(/\[(?<round>\d+)\]/u.exec(step)?.groups?.["round"]);
  const block = run.blocks["each"];
  const item = block !== undefined && "items" in block ? block.items[round] : undefined;
  return cluster.node(typeof item === "string" ? item : "");
}

/** The scene in which enough holders enter their shares at the node of this round. */
const holdersCome: Scene = async ({ world, loaded }) => await nodeAt(world, loaded).unseal();

/** The scene in which one holder has entered a share and somebody starts over; the run must show both, and the sign of the attempt. */
const somebodyStartsOver: Scene = async ({ world, loaded }) => {
  const node = nodeAt(world, loaded);
  const runId = loaded.run.id;
  const shows = (text: string) => (seen: LoadedRun) =>
    seen.run.status === "open" && seen.run.phase.name === "manual" && seen.run.phase.progress?.includes(text) === true;
  const [first = ""] = world.cluster.unsealKeys;
  await node.unsealWith(first);
  await seeRun(world, runId, "shows one share and its attempt", shows("1 of 2 key shares entered, attempt "));
  await world.cluster.call(node, "PUT", "sys/unseal", { reset: true }, "");
  await seeRun(world, runId, "shows that the share is gone", shows("0 of 2 key shares entered"));
  await node.unseal();
};

describeWith(["openbao", "openssl"], "sealed-node on a real cluster with a Shamir seal", () => {
  it("with one of three sealed: the holders enter their shares at the node, it is followed until it has caught up, and a second seal right after is a new run", async () => {
    await using world = await startDrill(SHAMIR);
    const { cluster, app } = world;
    const [sealed] = await standbysOf(cluster);
    const labels = { vault_node: sealed.name };
    await sealed.seal();

    const carried = await carryOut(
      world,
      { alert: "VaultNodeSealed", labels },
      { "each.key_shares": mended(async () => await sealed.unseal()) },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(stepsOf(carried.ended)).toMatchObject({ membership: "done", caught_up: "done", kms: "skipped" });
    const { body } = await cluster.call(sealed, "GET", "sys/seal-status");
    expect(body).toMatchObject({ sealed: false });
    await endDrill(world, carried, {
      name: "sealed-node-one-of-three-shamir",
      fault: "one standby sealed",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "alert VaultNodeSealed",
      verified: "the node's own sys/seal-status says unsealed",
    });

    await world.alert("resolved", { alertname: "VaultNodeSealed", ...labels });
    await sealed.seal();
    const again = await begin(world, { alert: "VaultNodeSealed", labels });
    const second = await playOut(world, again, { "each.key_shares": mended(async () => await sealed.unseal()) });

    expect(again).not.toBe(carried.ended.run.id);
    expect(second.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect((await app.core.runs.get(carried.ended.run.id))?.run).toMatchObject({ status: "finished" });
    expect((await cluster.call(sealed, "GET", "sys/seal-status")).body).toMatchObject({ sealed: false });
    await endDrill(world, second, {
      name: "sealed-node-again-right-after",
      fault: "the standby is sealed again as soon as the run before was resolved",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "alert VaultNodeSealed, firing again",
      verified: "it is a run of its own, and the node's own sys/seal-status says unsealed",
    });
  }, 240_000);

  it("with all three sealed: node by node in one run, a reset of the shares is shown, and a leader comes with the second", async () => {
    await using world = await startDrill(SHAMIR);
    const { cluster } = world;
    const [first, second] = await standbysOf(cluster);
    for (const node of [first, second, await cluster.activeNode()]) await node.seal();

    const carried = await carryOut(
      world,
      { command: `runbook sealed-node prod ${first.name}` },
      {
        "each[0].key_shares": somebodyStartsOver,
        "each[1].key_shares": holdersCome,
        "each[2].key_shares": holdersCome,
      },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(stepsOf(carried.ended)).toMatchObject({
      membership: "skipped",
      caught_up: "done",
      "others[1].caught": "done",
    });
    for (const node of cluster.nodes)
      expect((await cluster.call(node, "GET", "sys/health")).body).toMatchObject({ sealed: false });
    const peers = await cluster.call(await cluster.activeNode(), "GET", "sys/storage/raft/autopilot/state");
    expect(peers.body).toMatchObject({ data: { healthy: true } });
    await endDrill(world, carried, {
      name: "sealed-node-all-three-shamir",
      fault: "all nodes sealed; in the middle somebody resets the unseal",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "command",
      verified: "sys/health of every node says unsealed, and autopilot calls all of them healthy",
    });
  }, 240_000);
});
