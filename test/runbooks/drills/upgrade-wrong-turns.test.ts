import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, jest } from "@jest/globals";
import type { OpenBaoCluster } from "../../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { requireBinary } from "../../support/binaries.ts";
import { describeWith } from "../../support/real.ts";
import { abortedBy, answeredBy, carryOut, doneBy, inTurn, type Script } from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { endDrill } from "./record.ts";
import { NEW, OLD, preparedBy, saidIn, startedNew, turnOf, unsealed, upgraded } from "./upgrade-hands.ts";

jest.setTimeout(300_000);

const NOTES: Script = {
  between: answeredBy("alice", "0"),
  notes_of_target: doneBy("alice"),
  rehearsed: doneBy("alice"),
};

describeWith(["openbao", "openbao-previous", "openssl"], "upgrade on a real cluster, and wrong turns", () => {
  it("refuses an older version and a snapshot's name that is taken, and stops with the arithmetic when a second node is lost", async () => {
    await using world = await startDrill({
      nodes: 3,
      seal: { type: "shamir", shares: 3, threshold: 2 },
      binary: requireBinary("openbao-previous"),
    });
    const { cluster, directory } = world;

    const older = await carryOut(
      world,
      { command: "runbook upgrade prod version=2.5.1 snapshot=a.snap stable=1s" },
      {},
    );
    expect(older.ended.run).toMatchObject({ result: "stopped" });
    expect(await saidIn(world, older)).toContain(`2.5.1 must not be installed. A node runs ${OLD}, which is newer`);

    await writeFile(join(directory, "backups", "taken.snap"), "not a snapshot");
    const taken = await carryOut(
      world,
      { command: `runbook upgrade prod version=${NEW} snapshot=taken.snap stable=1s` },
      {
        ...preparedBy("alice"),
        ...NOTES,
        snapshot: inTurn(
          preparedBy("alice")["snapshot"] ?? doneBy("alice"),
          abortedBy("alice", "another name is wanted"),
        ),
      },
    );
    expect(taken.ended.run).toMatchObject({ result: "aborted" });
    expect(await saidIn(world, taken)).toContain("there is a file of this name; choose another name");

    const leader = await cluster.activeNode();
    const worked: string[] = [];
    const stopped = await carryOut(
      world,
      { command: `runbook upgrade prod version=${NEW} snapshot=before.snap stable=1s` },
      {
        ...preparedBy("alice"),
        ...NOTES,
        "rolling.swap": async (moment) => {
          const node = turnOf(moment);
          worked.push(node.name);
          await node.kill("SIGTERM");
          await cluster.nodes.find((other) => other !== node && other !== leader)?.kill();
        },
      },
    );
    const [first = ""] = worked;
    const lost = cluster.nodes.find(({ name }) => name !== first && name !== leader.name) ?? leader;
    expect(stopped.ended.run).toMatchObject({ result: "stopped" });
    expect(await saidIn(world, stopped)).toContain(
      `*Stopped: ${lost.name} was lost while \`${first}\` was worked on.* Of 3 voters 1 are healthy, and 2 are needed: the cluster serves nothing until 1 more are back.`,
    );

    // What it says to do: the one that was worked on first, then the lost one as it was; and again, to the end.
    await startedNew(cluster.node(first), []);
    await cluster.node(first).unseal();
    await lost.start();
    await lost.unseal();
    await waitFor("a cluster that is well again", async () => ((await isHealthy(cluster)) ? true : undefined), {
      timeoutMs: 60_000,
    });
    const touched: string[] = [];
    const finished = await carryOut(
      world,
      { command: `runbook upgrade prod version=${NEW} snapshot=again.snap stable=1s` },
      {
        ...preparedBy("alice"),
        ...NOTES,
        "rolling.swap": upgraded(touched),
        "rolling.unseal": unsealed,
        "rolling.stop_leader": async (moment) => await turnOf(moment).kill("SIGTERM"),
        "rolling.swap_leader": async (moment) => await startedNew(turnOf(moment), touched),
      },
    );

    expect(finished.ended.run).toMatchObject({ result: "resolved" });
    for (const node of cluster.nodes)
      expect((await cluster.call(node, "GET", "sys/health", undefined, "")).body).toMatchObject({
        version: NEW,
        sealed: false,
      });
    await endDrill(world, finished, {
      name: "upgrade-second-node-lost",
      fault: "a second node killed while the first was stopped for its upgrade",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "command /vault runbook upgrade, again after it had stopped",
      verified: `every node's own sys/health says ${NEW} and unsealed`,
    });
  });
});

/** Autopilot's own word, from the active node. */
async function isHealthy(cluster: OpenBaoCluster): Promise<boolean> {
  const { body } = await cluster.call(await cluster.activeNode(), "GET", "sys/storage/raft/autopilot/state");
  return (body as { data?: { healthy: boolean } }).data?.healthy === true;
}
