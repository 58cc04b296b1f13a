import { expect, it, jest } from "@jest/globals";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { describeWith } from "../../support/real.ts";
import { answeredBy, approvedBy, playOut } from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { begin } from "../../support/slack-hands.ts";
import { pathOf, textOf } from "./path-of.ts";
import { readActiveTime } from "./raft-of.ts";
import { endDrill } from "./record.ts";

const CAUSES = ["clocks", "ports", "host", "numbers", "now"];
const BEFORE = ["situation", "look", "empty", "sealed", "lead", ...CAUSES];
const AFTER = ["again", "final", "members", "after", "done"];

describeWith(["openbao", "openssl"], "no-leader on a real cluster whose leader should not lead", () => {
  jest.setTimeout(300_000);

  it("with the leader's own machine sick: it hands over through the gate, and that the old leader comes back after 10 s is told", async () => {
    await using world = await startDrill({ nodes: 3, links: true });
    const { cluster } = world;
    const sick = await cluster.activeNode();
    sick.link?.delay(40);
    const ledSince = await readActiveTime(cluster, sick);

    const runId = await begin(world, { command: "runbook no-leader prod leader_sick=yes" });
    const played = playOut(world, runId, { hand_over: answeredBy("alice", "yes"), step_down: approvedBy("bob") });
    await waitFor("another leader", async () => ((await cluster.activeNode()) === sick ? undefined : true), {
      timeoutMs: 120_000,
    });
    // Whoever leads now hands over while the third is cut off, so that only the old leader can win; it stands for election again after 10 s.
    const next = await cluster.activeNode();
    const third = cluster.nodes.find((node) => node !== next && node !== sick);
    third?.link?.cut();
    await waitFor(
      "the old leader leads again",
      async () => {
        if ((await cluster.activeNode()) === sick) return true;
        await cluster.call(next, "PUT", "sys/step-down");
        return undefined;
      },
      { timeoutMs: 100_000, everyMs: 2000 },
    );
    third?.link?.mend();
    const carried = await played;

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved", gates: [{ outcome: "agreed" }] });
    expect(pathOf(carried.ended)).toEqual([...BEFORE, "hand_over", "step_down", "settled", ...AFTER]);
    expect(textOf(carried.ended, "again")).toContain(`\`${sick.name}\` leads again. It had stepped down`);
    expect(Date.parse(await readActiveTime(cluster, sick))).toBeGreaterThan(Date.parse(ledSince) + 10_000);
    await endDrill(world, carried, {
      name: "no-leader-sick-leader-steps-down",
      fault: "the leader's raft traffic 40 ms late; after its step-down two more, until it led again",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "/vault runbook no-leader prod leader_sick=yes",
      verified: "the old leader leads since later than its step-down, by its active_time",
    });
  });
});
