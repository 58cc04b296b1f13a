import { expect, it, jest } from "@jest/globals";
import { describeWith } from "../../support/real.ts";
import { answeredBy, carryOut, mended } from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { startFlapping } from "./flapping.ts";
import { pathOf } from "./path-of.ts";
import { readPeers } from "./raft-of.ts";
import { endDrill } from "./record.ts";

const CAUSES = ["clocks", "ports", "host", "numbers", "now"];

describeWith(["openbao", "openssl"], "no-leader on a real cluster whose lead comes and goes", () => {
  jest.setTimeout(300_000);

  it("with a lead that comes and goes: says how often, and waits until one leader stays", async () => {
    await using world = await startDrill({ nodes: 3 });
    const { cluster } = world;
    await using flapping = startFlapping(cluster);
    await flapping.turned(2);

    const carried = await carryOut(
      world,
      { alert: "VaultNoActiveNode" },
      { hand_over: answeredBy("alice", "no"), repair: mended(async () => await flapping.stop()) },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved", gates: [] });
    expect(pathOf(carried.ended)).toEqual(
      expect.arrayContaining(["situation", "look", ...CAUSES, "repair", "final", "done"]),
    );
    expect(pathOf(carried.ended)).not.toContain("fine");
    expect((await readPeers(cluster)).filter(({ voter, healthy }) => voter && healthy)).toHaveLength(3);
    await endDrill(world, carried, {
      name: "no-leader-flapping",
      fault: "whoever leads is stopped (SIGSTOP) until another leads, again and again",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "alert VaultNoActiveNode",
      verified: "one node calls itself active, three healthy voters by autopilot",
    });
  });
});
