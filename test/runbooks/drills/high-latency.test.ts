import { expect, it, jest } from "@jest/globals";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { describeWith } from "../../support/real.ts";
import { startRequestLoop } from "../../support/request-loop.ts";
import { approvedBy, carryOut, mended, type Scene } from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { confirmWork } from "../../support/slack-hands.ts";
import { endDrill } from "./record.ts";
import { inFlight, saidBy, startWriter, stepsOf, writeMs } from "./slowness.ts";

jest.setTimeout(240_000);

const QUOTA = "sys/quotas/rate-limit/high-latency";
/** A secret that the server has more to do with than the client. */
const LARGE = 200_000;
/** TLS costs the machine more than what these drills are about. */
const THREE = { nodes: 3, tls: false } as const;

describeWith(["openbao"], "high-latency on a real cluster", () => {
  it("with nothing wrong: it measures, says healthy and ends", async () => {
    await using world = await startDrill(THREE);

    const carried = await carryOut(world, { command: "runbook high-latency prod" }, {});

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(await saidBy(world, carried.ended)).toContain("`prod` is healthy: a request took ");
    expect(stepsOf(carried.ended)).toEqual(["situation", "leader", "measure"]);
    await endDrill(world, carried, {
      name: "high-latency-healthy",
      fault: "none",
      cluster: "3 nodes",
      begun: "/vault runbook high-latency prod",
      verified: "nothing was changed",
    });
  });

  it("with one noisy client: it is named, limited on its mount, repaired, and the quota is taken away again", async () => {
    await using world = await startDrill(THREE);
    const { cluster } = world;
    const active = await cluster.activeNode();
    await cluster.call(active, "POST", "sys/mounts/team", { type: "kv" });
    await cluster.call(active, "POST", "team/app", { answer: "4".repeat(LARGE) });
    const token = await cluster.createToken(`path "team/*" { capabilities = ["read"] }`);
    await using client = startRequestLoop({
      address: active.address,
      token,
      method: "GET",
      path: "team/app",
      body: "",
      parallel: 80,
    });
    await waitFor("the noise", async () => ((await inFlight(cluster)) > 20 ? true : undefined));
    const repaired: Scene = async ({ world: at, loaded }) => {
      const { body } = await cluster.call(active, "GET", QUOTA);
      expect(body).toMatchObject({ data: { path: "team/", interval: 1 } });
      expect(client.statuses()).toContain(429);
      await client.stop();
      await confirmWork(at, loaded, "alice");
    };

    const carried = await carryOut(
      world,
      { alert: "RequestsAreSlow", labels: { runbook: "high-latency" } },
      { limit: approvedBy("alice"), repair_client: repaired, unlimit: approvedBy("alice") },
    );
    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(await saidBy(world, carried.ended)).toMatch(
      /`client`: [\d.]+ requests were served at a time, .* most on team\//u,
    );
    expect(await cluster.call(active, "GET", QUOTA)).toMatchObject({ statusCode: 404 });
    expect(JSON.stringify(world.slack.payloads())).not.toContain(token);
    await endDrill(world, carried, {
      name: "high-latency-one-noisy-client",
      fault: "one client reads the same large secret 80 times at once, again and again",
      cluster: "3 nodes",
      begun: "an alert with the label runbook: high-latency",
      verified:
        "the quota was there while the client was limited (it got 429), and sys/quotas/rate-limit does not have it any more",
      example: true,
    });
  });

  it("with a slow network between the nodes: it is told apart from a slow disk, and followed until it is fast", async () => {
    await using world = await startDrill({ ...THREE, links: true });
    const { cluster } = world;
    const active = await cluster.activeNode();
    await using writer = await startWriter(cluster);
    const others = cluster.nodes.filter((node) => node !== active);
    for (const { link } of others) link?.delay(60);

    const carried = await carryOut(
      world,
      { command: "runbook high-latency prod" },
      { repair: mended(async () => others.forEach(({ link }) => link?.mend())) },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(await saidBy(world, carried.ended)).toMatch(
      /`network`: a write took \d+ ms until a majority had it, but the leader's disk only/u,
    );
    expect(writer.statuses()).toEqual([204]);
    expect(await writeMs(cluster)).toBeLessThan(100);
    await endDrill(world, carried, {
      name: "high-latency-slow-network",
      fault: "what goes to the followers and back takes 120 ms longer",
      cluster: "3 nodes",
      begun: "/vault runbook high-latency prod",
      verified: "the middle one of five writes took less than 100 ms",
    });
  });
});
