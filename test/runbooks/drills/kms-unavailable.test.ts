import { expect, it } from "@jest/globals";
import { disableTransitKey, enableTransitKey } from "../../../src/sandbox/openbao/transit-key.ts";
import { describeWith } from "../../support/real.ts";
import { AUTO_UNSEALED, isSealed, restartSealed, startAutoUnsealed, startKms } from "./auto-unsealed.ts";
import { answeredBy, carryOut, doneBy, seeRun, type Scene } from "./carry-out.ts";
import type { DrillWorld } from "./drill-world.ts";
import { endDrill } from "./record.ts";
import { standbysOf, stepsOf, wordsOf } from "./seen.ts";

/** A backup without the key is answered well, and is the frame of an archive with nothing in it. */
async function expectEmptyBackup({ cluster }: DrillWorld): Promise<void> {
  const backup = await cluster.call(await cluster.activeNode(), "GET", "sys/storage/raft/snapshot");
  expect(backup.statusCode).toBe(200);
  expect(String(backup.body).length).toBeLessThan(100);
}

describeWith(["openbao", "openssl"], "kms-unavailable on a real cluster", () => {
  it("with the key disabled: nothing is restarted, a second node that somebody restarts is seen, and both unseal by themselves when the key is back", async () => {
    await using kms = await startKms();
    await using world = await startAutoUnsealed(kms);
    const { cluster } = world;
    const [first, second] = await standbysOf(cluster);
    const survivor = (await cluster.activeNode()).pid;
    await disableTransitKey(kms, "prod");
    await restartSealed(world, first);
    const enabled: Scene = async ({ world: drill, loaded }) => {
      await seeRun(
        drill,
        loaded.run.id,
        "shows that the second node is lost",
        ({ run }) =>
          run.status === "open" &&
          run.phase.name === "manual" &&
          run.phase.progress?.startsWith("1 of 3 nodes unsealed") === true,
      );
      await enableTransitKey(kms, "prod");
    };

    const carried = await carryOut(
      world,
      { alert: "VaultKmsUnavailable" },
      {
        state: answeredBy("alice", "disabled"),
        freeze: async (moment) => {
          await restartSealed(world, second);
          await doneBy("alice")(moment);
        },
        returns: enabled,
      },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(stepsOf(carried.ended)).toMatchObject({ back: "done", restart: "done", "verify[0].caught_up": "done" });
    expect(Object.keys(stepsOf(carried.ended)).filter((step) => step.endsWith(".again"))).toEqual([]);
    for (const node of cluster.nodes) expect(await isSealed(world, node)).toBe(false);
    expect((await cluster.activeNode()).pid).toBeDefined();
    expect(cluster.nodes.map(({ pid }) => pid)).toContain(survivor);
    await endDrill(world, carried, {
      name: "kms-unavailable-key-disabled",
      fault: "the key is disabled and one node restarted; while people are asked, another restarts too",
      cluster: AUTO_UNSEALED,
      begun: "alert VaultKmsUnavailable",
      verified: "sys/seal-status of every node says unsealed, and the process of the third was never restarted",
      example: true,
    });
  }, 240_000);

  it("with the key deleted for good: what is unsealed is saved and kept, and nothing is restarted", async () => {
    await using kms = await startKms();
    await using world = await startAutoUnsealed(kms);
    const { cluster } = world;
    await cluster.call(await cluster.activeNode(), "POST", "sys/mounts/kv", { type: "kv" });
    await cluster.call(await cluster.activeNode(), "POST", "kv/payroll", { iban: "kept" });
    const key = "transit/keys/unseal-prod";
    await kms.call(await kms.activeNode(), "POST", `${key}/config`, { deletion_allowed: true });
    await kms.call(await kms.activeNode(), "DELETE", key);
    const processes = cluster.nodes.map(({ pid }) => pid);
    let exported: unknown;

    const carried = await carryOut(
      world,
      { command: "runbook kms-unavailable prod" },
      {
        state: answeredBy("alice", "destroyed"),
        freeze: doneBy("alice"),
        rescue: async (moment) => {
          await expectEmptyBackup(world);
          exported = (await cluster.call(await cluster.activeNode(), "GET", "kv/payroll")).body;
          await doneBy("alice")(moment);
        },
      },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "stopped" });
    expect(wordsOf(carried.ended)).toContain("Keep every unsealed node running");
    expect(stepsOf(carried.ended)).toMatchObject({ rescue: "done", restart: "skipped", returns: "skipped" });
    expect(exported).toMatchObject({ data: { iban: "kept" } });
    expect(cluster.nodes.map(({ pid }) => pid)).toEqual(processes);
    for (const node of cluster.nodes) expect(await isSealed(world, node)).toBe(false);
    await endDrill(world, carried, {
      name: "kms-unavailable-key-deleted",
      fault: "the key is deleted while all nodes are unsealed",
      cluster: AUTO_UNSEALED,
      begun: "command",
      verified: "a secret was still read from the leader; every node is unsealed, in the process that it had",
    });
  }, 240_000);
});
