import { expect, it, jest } from "@jest/globals";
import { describeWith } from "../../support/real.ts";
import { carryOut, mended } from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { pathOf, textOf } from "./path-of.ts";
import { othersThan, readPeers, waitForNoLeader } from "./raft-of.ts";
import { endDrill } from "./record.ts";

const ALERT = { alert: "VaultNoActiveNode" } as const;
const CAUSES = ["clocks", "ports", "host", "numbers", "now"];

describeWith(["openbao", "openssl"], "no-leader on a real cluster", () => {
  jest.setTimeout(300_000);

  it("with the leader killed and another elected before anybody looks: sees that it stays, tells the numbers, and asks nothing", async () => {
    await using world = await startDrill({ nodes: 3 });
    const { cluster } = world;
    const old = await cluster.activeNode();
    await old.kill();
    const next = await cluster.activeNode();

    const carried = await carryOut(world, ALERT, {});

    const { run } = carried.ended;
    expect(run).toMatchObject({ status: "finished", result: "resolved" });
    expect(pathOf(carried.ended)).toEqual(["situation", "look", "empty", "sealed", "lead", ...CAUSES, "fine"]);
    const said = run.status === "finished" ? run.text : "";
    expect(said).toContain(`\`${next.name}\` leads since`);
    expect(said).toContain(`Does not answer: ${old.name}.`);
    expect((await cluster.activeNode()).name).toBe(next.name);
    await endDrill(world, carried, {
      name: "no-leader-healed-by-itself",
      fault: "the leader killed, another elected by itself",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "alert VaultNoActiveNode",
      verified: "the other node calls itself active",
    });
  });

  it("with the network between all nodes cut: finds the clocks together and the ports open from here, and sees a leader when it is mended", async () => {
    await using world = await startDrill({ nodes: 3, links: true });
    const { cluster } = world;
    for (const node of cluster.nodes) node.link?.cut();
    await waitForNoLeader(cluster, cluster.nodes);

    const carried = await carryOut(world, ALERT, {
      repair: mended(async () => {
        for (const node of cluster.nodes) node.link?.mend();
      }),
    });

    const { run } = carried.ended;
    expect(run).toMatchObject({ status: "finished", result: "resolved" });
    const told = textOf(carried.ended, "numbers");
    expect(told).toContain("*Clock*: good");
    expect(told).toContain("open from here; from node to node it cannot be seen here. Name another leader, or none:");
    expect(othersThan(cluster, await cluster.activeNode())).toHaveLength(2);
    expect((await readPeers(cluster)).filter(({ voter, healthy }) => voter && healthy)).toHaveLength(3);
    await endDrill(world, carried, {
      name: "no-leader-network-cut",
      fault: "raft's network between all nodes cut, their APIs reachable",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "alert VaultNoActiveNode",
      verified: "one node calls itself active, three healthy voters by autopilot",
    });
  });
});
