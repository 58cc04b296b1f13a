import { expect, it, jest } from "@jest/globals";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { startAuditCollector } from "../../support/audit-collector.ts";
import { describeWith } from "../../support/real.ts";
import { startRequestLoop } from "../../support/request-loop.ts";
import { slowDownDisk } from "../../support/slow-disk.ts";
import { answeredBy, approvedBy, carryOut, skippedBy } from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { endDrill } from "./record.ts";
import { answersInTime, leasesOf, saidBy, startWriter, stepsOf, writeMs } from "./slowness.ts";

jest.setTimeout(240_000);

/** TLS costs the machine more than what these drills are about. */
const THREE = { nodes: 3, tls: false } as const;
const COMMAND = { command: "runbook high-latency prod" } as const;

describeWith(["openbao"], "high-latency on a real cluster, stopped with the name of another runbook", () => {
  it("with an audit device that blocks: everything with a token hangs, health does not, and the audit is named", async () => {
    await using collector = await startAuditCollector();
    await using world = await startDrill({ ...THREE, extraConfig: collector.stanza });
    const { cluster } = world;
    const active = await cluster.activeNode();
    const token = await cluster.createToken(`path "auth/token/lookup-self" { capabilities = ["read"] }`);
    await using client = startRequestLoop({
      address: active.address,
      token,
      method: "GET",
      path: "auth/token/lookup-self",
      body: "",
      parallel: 4,
    });
    await waitFor("an answer", async () => (client.statuses().includes(200) ? true : undefined));
    collector.stall();
    await waitFor("the hang", async () => ((await answersInTime(active, token)) ? undefined : true));

    const carried = await carryOut(world, COMMAND, {});

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "stopped" });
    expect(stepsOf(carried.ended)).toEqual(["situation", "leader", "measure", "verdict", "audit"]);
    const said = await saidBy(world, carried.ended);
    expect(said).toMatch(
      /`audit`: sys\/health answered in [\d.]+ ms, but \d of \d authenticated reads did not within 2 s/u,
    );
    expect(said).toContain("Start the runbook audit-device-failure.");
    const { status } = await fetch(`${active.address}/v1/sys/health`);
    expect(status).toBe(200);
    expect(await answersInTime(active, token)).toBe(false);
    collector.goOn();
    await waitFor("an answer", async () => ((await answersInTime(active, token)) ? true : undefined));
    await endDrill(world, carried, {
      name: "high-latency-blocked-audit",
      fault: "what takes the audit entries over a socket stops reading",
      cluster: "3 nodes, two audit files and a socket",
      begun: "/vault runbook high-latency prod",
      verified:
        "a request with a token got no answer in 1 s while sys/health answered 200; it got one when the socket was read again",
    });
  });

  it("with a storm of leases: it is named, with how many come every second", async () => {
    await using world = await startDrill(THREE);
    const { cluster } = world;
    const active = await cluster.activeNode();
    const token = await cluster.createToken(`path "auth/token/create" { capabilities = ["update"] }`);
    const body = JSON.stringify({ ttl: "1h" });
    const before = await leasesOf(cluster, active);
    await using storm = startRequestLoop({
      address: active.address,
      token,
      method: "POST",
      path: "auth/token/create",
      body,
      parallel: 12,
    });
    await waitFor("1000 leases", async () => ((await leasesOf(cluster, active)) > before + 1000 ? true : undefined), {
      timeoutMs: 60_000,
    });

    const carried = await carryOut(world, COMMAND, {});

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "stopped" });
    expect(stepsOf(carried.ended)).toEqual(["situation", "leader", "measure", "verdict", "audit", "leases"]);
    const said = await saidBy(world, carried.ended);
    expect(said).toMatch(/`leases`: there are \d{4,} leases, \d+ more every second/u);
    expect(said).toContain("Start the runbook lease-explosion");
    expect(storm.statuses()).toEqual([200]);
    await storm.stop();
    const made = await leasesOf(cluster, active);
    expect(made).toBeGreaterThan(1000);
    await endDrill(world, carried, {
      name: "high-latency-lease-storm",
      fault: "one program makes a token for each of its requests, twelve at a time",
      cluster: "3 nodes",
      begun: "/vault runbook high-latency prod",
      verified: "vault_expire_num_leases grew by more than 1000 meanwhile",
    });
  });
});

describeWith(["openbao", "strace"], "high-latency on a real cluster with a slow disk", () => {
  it("of the leader, which cannot be repaired now: the leadership is handed over to a node whose disk is fast", async () => {
    await using world = await startDrill(THREE);
    const { cluster } = world;
    const active = await cluster.activeNode();
    await using writer = await startWriter(cluster);
    await using disk = slowDownDisk(active.pid ?? 0, 150);
    await waitFor("the slow disk", async () => ((await writeMs(cluster)) > 150 ? true : undefined));

    const carried = await carryOut(world, COMMAND, {
      repair: skippedBy("alice", "the volume cannot be changed before the morning"),
      hand_over: answeredBy("alice", "yes"),
      step_down: approvedBy("bob"),
    });

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    const said = await saidBy(world, carried.ended);
    expect(said).toMatch(
      /`storage`: a write took \d+ ms until a majority had it, \d+ of them on the leader's own disk/u,
    );
    expect(said).toContain(`It is \`${active.name}\` alone: the other nodes are fast.`);
    const now = await cluster.activeNode();
    expect(now.name).not.toBe(active.name);
    expect(await writeMs(cluster)).toBeLessThan(100);
    expect(writer.statuses()).toContain(204);
    await disk.mend();
    await endDrill(world, carried, {
      name: "high-latency-slow-disk",
      fault: "every fdatasync of the leader takes 150 ms longer",
      cluster: "3 nodes",
      begun: "/vault runbook high-latency prod",
      verified:
        "another node leads, and the middle one of five writes took less than 100 ms while the old leader's disk was still slow",
    });
  });
});
