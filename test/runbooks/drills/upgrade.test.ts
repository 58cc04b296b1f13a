import { expect, it, jest } from "@jest/globals";
import type { RunEvent } from "../../../src/engine/events.ts";
import type { OpenBaoCluster } from "../../../src/sandbox/openbao/openbao.ts";
import { requireBinary } from "../../support/binaries.ts";
import { describeWith } from "../../support/real.ts";
import { abortedBy, carryOut, inTurn, type CarriedOut } from "./carry-out.ts";
import { startDrill, type DrillWorld } from "./drill-world.ts";
import { startLoad } from "./load.ts";
import { endDrill } from "./record.ts";
import { NEW, OLD, preparedBy, saidIn, startedNew, turnOf, unsealed, upgraded } from "./upgrade-hands.ts";

jest.setTimeout(300_000);

describeWith(["openbao", "openbao-previous", "openssl"], "upgrade on a real cluster", () => {
  it("under load: begun by one person, given up after the first standby, and finished by another who is told what is done already", async () => {
    await using world = await startDrill({
      nodes: 3,
      seal: { type: "shamir", shares: 3, threshold: 2 },
      binary: requireBinary("openbao-previous"),
    });
    const { cluster } = world;
    expect(await versionsOf(cluster)).toEqual([OLD, OLD, OLD]);
    const firstLeader = await cluster.activeNode();
    await using load = await startLoad(cluster);
    const touched: string[] = [];

    const begun = await carryOut(
      world,
      { command: `runbook upgrade prod version=${NEW} snapshot=before-${NEW}.snap stable=2s`, by: "alice" },
      {
        ...preparedBy("alice"),
        "rolling.swap": inTurn(upgraded(touched), abortedBy("alice", "my shift is over")),
        "rolling.unseal": unsealed,
      },
    );
    expect(begun.ended.run).toMatchObject({ status: "finished", result: "aborted" });
    const [first = ""] = touched;
    expect(await saidIn(world, begun)).toContain(`At ${NEW}: ${first}.`);
    expect(await saidIn(world, begun)).toContain("Versions are mixed, and must not stay so");

    const window = { from: 0, to: 0 };
    const finished = await carryOut(
      world,
      { command: `runbook upgrade prod version=${NEW} snapshot=before-${NEW}-again.snap stable=2s`, by: "erin" },
      {
        ...preparedBy("erin"),
        "rolling.swap": upgraded(touched),
        "rolling.unseal": unsealed,
        "rolling.stop_leader": async (moment) => {
          window.from = Date.now();
          await turnOf(moment).kill("SIGTERM");
          const next = await cluster.activeNode();
          expect((await cluster.call(next, "GET", "load/data/0")).statusCode).toBe(200);
          window.to = Date.now();
        },
        "rolling.swap_leader": async (moment) => await startedNew(turnOf(moment), touched),
      },
    );
    const result = await load.end();

    expect(finished.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(await saidIn(world, finished)).toContain(`Already at ${NEW}: ${first}.`);
    expect(await versionsOf(cluster)).toEqual([NEW, NEW, NEW]);
    expect((await cluster.activeNode()).name).not.toBe(firstLeader.name);
    expect(await healthyVoters(cluster)).toBe(3);

    const turns = [...(await turnsOf(world, begun)), ...(await turnsOf(world, finished))];
    expect(touched).toEqual([...touched.filter((name) => name !== firstLeader.name), firstLeader.name]);
    const [one, two, three] = touched;
    expect(turns.map(({ node }) => node)).toEqual([one, two, two, three]);
    // The second turn was begun twice: by alice, who gave up, and by erin. None was begun before the one before it was whole.
    expect(turns.map(({ whole }) => whole)).toEqual([true, false, true, true]);

    const outside = result.missedReads.filter(({ from, to }) => to < window.from || from > window.to);
    expect(outside).toEqual([]);
    expect(result.lost).toEqual([]);
    expect(result.writes).toBeGreaterThan(100);
    expect(result.reads).toBeGreaterThan(100);
    await endDrill(world, finished, {
      name: "upgrade-under-load",
      fault: `an upgrade from ${OLD} that somebody gave up after the first standby, under a writer and a reader`,
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "command /vault runbook upgrade, by another person",
      verified:
        `every node's own sys/health says ${NEW}; of ${result.reads} reads ${result.missedReads.length} failed on every node, none outside the ` +
        `${window.to - window.from} ms without a leader; all of ${result.writes} acknowledged writes were read again`,
      example: true,
    });
  });
});

async function versionsOf(cluster: OpenBaoCluster): Promise<string[]> {
  const answers = await Promise.all(
    cluster.nodes.map(async (node) => await cluster.call(node, "GET", "sys/health", undefined, "")),
  );
  return answers.map(({ body }) => (body as { readonly version: string }).version);
}

async function healthyVoters(cluster: OpenBaoCluster): Promise<number> {
  const { body } = await cluster.call(await cluster.activeNode(), "GET", "sys/storage/raft/autopilot/state");
  const { data } = body as { data: { servers: Record<string, { healthy: boolean; status: string }> } };
  return Object.values(data.servers).filter(({ healthy, status }) => healthy && status !== "non-voter").length;
}

type Turn = { readonly node: unknown; whole: boolean };

/** Whose turn it was, in order, as the run's journal has it, and whether the cluster was whole again at its end. */
async function turnsOf(world: DrillWorld, { ended }: CarriedOut): Promise<Turn[]> {
  const events = (await world.app.core.store.runs.read(ended.run.id)).map(({ event }): RunEvent => event);
  const turns: Turn[] = [];
  for (const event of events) {
    if (event.type !== "StepSucceeded") continue;
    if (/^rolling\[\d+\]\.order$/u.test(event.step)) turns.push({ node: event.result["next"], whole: false });
    const last = turns.at(-1);
    if (/^rolling\[\d+\]\.whole$/u.test(event.step) && last !== undefined) last.whole = true;
  }
  return turns;
}
