import { expect, it } from "@jest/globals";
import { describeWith } from "../../support/real.ts";
import { answeredBy, carryOut, doneBy, skippedBy } from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { endDrill } from "./record.ts";
import { sealedByTwo } from "./sealed-by-two.ts";
import { stepsOf, wordsOf } from "./seen.ts";

describeWith(["openbao", "openssl"], "sealed-node on a real cluster during an emergency", () => {
  it("sealed on purpose: it stops at once and names who did it, while the emergency is open and after it ended", async () => {
    await using world = await startDrill({ nodes: 3, seal: { type: "shamir", shares: 3, threshold: 2 } });
    const { cluster } = world;
    const labels = { vault_node: "vault-1" };
    const stopped: string[] = [];

    const emergency = await carryOut(
      world,
      { command: "runbook emergency-seal prod", by: "erin" },
      {
        measure: answeredBy("erin", "seal everything"),
        holders: doneBy("erin"),
        evidence: doneBy("erin"),
        healing: doneBy("erin"),
        silent: doneBy("erin"),
        seal_all: sealedByTwo,
        "rounds[0].guard": async (moment) => {
          const { ended } = await carryOut(world, { alert: "VaultNodeSealed", labels }, {});
          stopped.push(wordsOf(ended));
          await skippedBy("erin", "the watch goes on elsewhere")(moment);
        },
      },
    );
    const carried = await carryOut(world, { command: "runbook sealed-node prod vault-1" }, {});

    expect(emergency.ended.run).toMatchObject({ result: "resolved" });
    expect(stopped.join()).toContain("STOP. An emergency seal is under way or in force: erin started it");
    expect(carried.ended.run).toMatchObject({ status: "finished", result: "stopped" });
    expect(wordsOf(carried.ended)).toContain(
      "STOP. This cluster was sealed on purpose: erin started the emergency seal",
    );
    expect(stepsOf(carried.ended)).toMatchObject({ emergency: "done", deliberate: "done", each: "pending" });
    // OpenBao 2.7.2 now and then ends when it is sealed; what runs must be sealed, without a share entered.
    for (const node of cluster.nodes.filter(({ pid }) => pid !== undefined))
      expect((await cluster.call(node, "GET", "sys/seal-status", undefined, "")).body).toMatchObject({
        sealed: true,
        progress: 0,
      });
    await endDrill(world, carried, {
      name: "sealed-node-on-purpose",
      fault: "all nodes were sealed by a run of emergency-seal",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "alert VaultNodeSealed, and a command after the emergency's run had ended",
      verified: "every node's own sys/seal-status says sealed, and no key share was entered",
    });
  }, 180_000);
});
