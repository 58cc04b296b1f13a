import { expect, it, jest } from "@jest/globals";
import { describeWith } from "../../support/real.ts";
import { abortedBy, answeredBy, approvedBy, carryOut, doneBy, mended } from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { approve } from "../../support/slack-hands.ts";
import { pathOf, textOf } from "./path-of.ts";
import { othersThan, readPeers, waitForNoLeader } from "./raft-of.ts";
import { endDrill } from "./record.ts";

const BEFORE_GATE = ["situation", "leader", "silent", "member", "quiet", "safe", "arithmetic", "gone", "remove"];

describeWith(["openbao", "openssl"], "lost-peer on a real cluster", () => {
  jest.setTimeout(300_000);

  it("with a machine destroyed: two people remove the peer, one of them with the wrong name at first, and its replacement is followed to a vote", async () => {
    await using world = await startDrill({ nodes: 3 });
    const { cluster } = world;
    const [gone = cluster.node("vault-2")] = othersThan(cluster, await cluster.activeNode());
    await gone.kill();
    await gone.removeData();

    const carried = await carryOut(
      world,
      { alert: "VaultQuorumAtRisk", labels: { vault_node: gone.name } },
      {
        gone: doneBy("alice"),
        remove: async (moment) => {
          expect(await approve(world, moment.loaded, "bob", "staging")).toContain("prod");
          await approvedBy("bob", "carol")(moment);
        },
        replace: answeredBy("alice", "replace"),
        joined: mended(async () => {
          expect((await readPeers(cluster)).map(({ id }) => id)).not.toContain(gone.name);
          await gone.start();
          await gone.unseal();
        }),
      },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved", gates: [{ outcome: "agreed" }] });
    expect(pathOf(carried.ended)).toEqual([
      ...BEFORE_GATE,
      "removed",
      "left",
      "seal",
      "replace",
      "joined",
      "votes",
      "caught_up",
      "whole",
      "next",
    ]);
    expect(textOf(carried.ended, "next")).toContain(
      "3 of 3 voters are healthy, 2 are needed, so the cluster can lose 1.",
    );
    expect(await readPeers(cluster)).toEqual(
      ["vault-0", "vault-1", "vault-2"].map((id) => ({ id, voter: true, healthy: true })),
    );
    await endDrill(world, carried, {
      name: "lost-peer-replaced",
      fault: "a standby killed and its data directory deleted",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "alert VaultQuorumAtRisk",
      verified: "raft lists three members, all of them healthy voters",
      example: true,
    });
  });

  it("with another voter that we do not see healthy: refuses with the arithmetic, and removes nobody", async () => {
    // Nothing listens at port 1: raft has this voter, and we do not.
    await using world = await startDrill({ nodes: 3 }, { addresses: () => ({ "vault-1": "https://127.0.0.1:1" }) });
    const { cluster } = world;
    expect((await cluster.activeNode()).name).not.toBe("vault-2");
    await cluster.node("vault-2").kill();

    const carried = await carryOut(world, { command: "runbook lost-peer prod vault-2" }, {});

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "stopped", gates: [] });
    expect(textOf(carried.ended, "safe")).toContain("Of the 2 voters that would remain 1 are healthy, 2 are needed.");
    expect((await readPeers(cluster)).map(({ id }) => id)).toEqual(["vault-0", "vault-1", "vault-2"]);
    await endDrill(world, carried, {
      name: "lost-peer-quorum-would-break",
      fault: "a standby killed, and another whose API does not answer sealwatch",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "/vault runbook lost-peer prod vault-2",
      verified: "raft still lists three members",
    });
  });

  it("with a second voter killed while people decide: what they approved is void, and nothing is called", async () => {
    await using world = await startDrill({ nodes: 3 });
    const { cluster } = world;
    const leader = await cluster.activeNode();
    const [gone = leader, next = leader] = othersThan(cluster, leader);
    await gone.kill();

    const carried = await carryOut(
      world,
      { alert: "VaultNodeUnreachable", labels: { vault_node: gone.name } },
      {
        gone: doneBy("alice"),
        remove: async (moment) => {
          const { run } = moment.loaded;
          if (run.status === "open" && run.phase.name === "stuck")
            return await abortedBy("alice", "bring both back first")(moment);
          await next.kill();
          await waitForNoLeader(cluster, [leader]);
          await approvedBy("bob", "carol")(moment);
        },
      },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "aborted", gates: [{ outcome: "voided" }] });
    expect(pathOf(carried.ended)).toEqual(BEFORE_GATE);
    await next.start();
    await next.unseal();
    expect((await readPeers(cluster)).map(({ id }) => id)).toEqual(["vault-0", "vault-1", "vault-2"]);
    await endDrill(world, carried, {
      name: "lost-peer-second-fault",
      fault: "a standby killed, and the other one while people decide",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "alert VaultNodeUnreachable",
      verified: "raft still lists three members when one is back",
    });
  });
});
