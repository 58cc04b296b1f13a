import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, jest } from "@jest/globals";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { describeWith } from "../../support/real.ts";
import { answeredBy, carryOut, doneBy, mended } from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { pathOf } from "./path-of.ts";
import { othersThan, readPeers, waitForNoLeader } from "./raft-of.ts";
import { endDrill } from "./record.ts";

const ALERT = { alert: "VaultNoActiveNode" } as const;
const SECRET = { path: "secret/kept", body: { data: { word: "still here" } } } as const;

describeWith(["openbao", "openssl"], "no-leader on a real cluster whose majority is lost", () => {
  jest.setTimeout(300_000);

  it("with two of three killed: guides people to bring them back, and sees the leader", async () => {
    await using world = await startDrill({ nodes: 3 });
    const { cluster } = world;
    const survivor = await cluster.activeNode();
    const lost = othersThan(cluster, survivor);
    for (const node of lost) await node.kill();
    await waitForNoLeader(cluster, [survivor]);

    const carried = await carryOut(world, ALERT, {
      way: answeredBy("alice", "yes"),
      bring_back: mended(async () => {
        for (const node of lost) await node.start();
        for (const node of lost) await node.unseal();
      }),
    });

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved", gates: [] });
    expect(pathOf(carried.ended)).toEqual([
      "situation",
      "look",
      "empty",
      "sealed",
      "alive",
      "lost",
      "way",
      "bring_back",
      "final",
      "members",
      "after",
      "done",
    ]);
    expect((await readPeers(cluster)).filter(({ voter, healthy }) => voter && healthy)).toHaveLength(3);
    await endDrill(world, carried, {
      name: "no-leader-two-of-three-killed",
      fault: "two of three processes killed, their data whole",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "alert VaultNoActiveNode",
      verified: "one node calls itself active, three healthy voters by autopilot",
    });
  });

  it("with the data of two of three lost: the survivor goes on alone by peers.json as people are told, with its data, and others join anew", async () => {
    await using world = await startDrill({ nodes: 3 });
    const { cluster } = world;
    const survivor = await cluster.activeNode();
    await cluster.call(survivor, "POST", "sys/mounts/secret", { type: "kv" });
    await cluster.call(survivor, "POST", SECRET.path, SECRET.body);
    const lost = othersThan(cluster, survivor);
    for (const node of lost) {
      await node.kill();
      await node.removeData();
    }
    await waitForNoLeader(cluster, [survivor]);

    const carried = await carryOut(world, ALERT, {
      way: answeredBy("alice", "no"),
      copies: doneBy("alice"),
      stop: mended(async () => await survivor.kill()),
      peers: async ({ loaded }) => {
        const { phase } = loaded.run as { phase: { text?: string } };
        // Exactly what the step shows is what is written: nothing of it is known to the test.
        const [, file = ""] = /```\n([\s\S]*?)```/u.exec(phase.text ?? "") ?? [];
        await writeFile(join(survivor.directory, "data", "raft", "peers.json"), file);
        await survivor.start();
        await survivor.unseal();
      },
    });

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved", gates: [] });
    expect(pathOf(carried.ended)).toEqual([
      "situation",
      "look",
      "empty",
      "sealed",
      "alive",
      "lost",
      "way",
      "still",
      "copies",
      "stop",
      "peers",
      "final",
      "members",
      "after",
      "done",
    ]);
    expect(await readPeers(cluster)).toEqual([{ id: survivor.name, voter: true, healthy: true }]);
    expect((await cluster.call(survivor, "GET", SECRET.path)).body).toMatchObject({ data: SECRET.body });
    // It was read once, and is gone.
    await expect(readFile(join(survivor.directory, "data", "raft", "peers.json"))).rejects.toMatchObject({
      code: "ENOENT",
    });
    for (const node of lost) {
      await node.start();
      await node.unseal();
      await waitFor(`${node.name} a healthy voter`, async () => {
        const peers = await readPeers(cluster);
        return peers.some(({ id, voter, healthy }) => id === node.name && voter && healthy) ? true : undefined;
      });
    }
    await endDrill(world, carried, {
      name: "no-leader-data-of-two-lost",
      fault: "two of three killed and their data directories deleted",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "alert VaultNoActiveNode",
      verified:
        "the survivor alone is in raft and leads, a secret of before is there, and two empty nodes joined to three healthy voters",
    });
  });
});
