import { expect, it } from "@jest/globals";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { describeWith } from "../../support/real.ts";
import { blockAudit, fillAuditDisk } from "./audit-faults.ts";
import { carryOut, doneBy, mended, triedAgainBy, type Scene } from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { pathOf, textOf } from "./path-of.ts";
import { endDrill } from "./record.ts";

const COMMAND = { command: "runbook audit-device-failure" };

describeWith(["openbao", "openssl"], "audit-device-failure on a real cluster", () => {
  it("with one device that blocks: every read of the active node hangs beside a second device that works, until the pipe's reader goes on", async () => {
    await using world = await startDrill({ nodes: 3 });
    const { cluster } = world;
    const active = await cluster.activeNode();
    const standbys = cluster.nodes.filter((node) => node !== active);
    await using fault = await blockAudit(cluster, active);
    const shippedBefore = await fault.shipped();

    const carried = await carryOut(world, COMMAND, {
      blocked: mended(async () => await fault.mend()),
      grows: doneBy("alice"),
    });

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    const finding = textOf(carried.ended, "finding");
    expect(pathOf(carried.ended)).not.toContain("failing");
    expect(finding).toContain(`On ${active.name} health answers and an audited read hangs: ONE device BLOCKS.`);
    expect(finding).toContain(`Still answered by ${standbys.map(({ name }) => name).join(", ")}.`);
    expect(finding).toContain("The list of devices is audited as well, and could not be read");
    expect((await cluster.activeNode()).name).toBe(active.name);
    expect(await cluster.call(active, "GET", "auth/token/lookup-self")).toMatchObject({ statusCode: 200 });
    expect(await fault.shipped()).toBeGreaterThan(shippedBefore);
    await endDrill(world, carried, {
      name: "audit-device-failure-blocked-pipe",
      fault: fault.fault,
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "/vault runbook",
      verified: "the active node itself answers an audited read, still leads, and the pipe's reader got its record",
    });
  });

  it("with the disk of all devices full: every read is answered with 500; it fills once more in the middle, and the count of failures tells", async () => {
    await using world = await startDrill({ nodes: 3 });
    const { cluster } = world;
    const active = await cluster.activeNode();
    await using fault = await fillAuditDisk(active);
    const refused = async (): Promise<true> =>
      await waitFor("no device that writes", async () =>
        (await cluster.call(active, "GET", "auth/token/lookup-self")).statusCode === 500 ? true : undefined,
      );
    await refused();
    const itFillsAgain: Scene = async (moment) => {
      await fault.again();
      await refused();
      await doneBy("alice")(moment);
    };
    const madeRoom: Scene = async (moment) => {
      await fault.mend();
      await triedAgainBy("alice")(moment);
    };

    const carried = await carryOut(
      world,
      { alert: "VaultAuditBlocked" },
      {
        failing: mended(async () => await fault.mend()),
        grows: itFillsAgain,
        flat: madeRoom,
      },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    const finding = textOf(carried.ended, "finding");
    expect(pathOf(carried.ended)).not.toContain("blocked");
    expect(finding).toContain(`On ${active.name} an audited read is answered with an error: NO device can write.`);
    expect(textOf(carried.ended, "flat")).toContain("Requests still fail to be written:");
    expect(await cluster.call(active, "GET", "auth/token/lookup-self")).toMatchObject({ statusCode: 200 });
    await endDrill(world, carried, {
      name: "audit-device-failure-full-disk",
      fault: `${fault.fault}; once more during the run`,
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "alert VaultAuditBlocked",
      verified: "the active node itself answers an audited read",
    });
  });
});
