import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, jest } from "@jest/globals";
import type { OpenBaoCluster, OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { requireBinary } from "../../support/binaries.ts";
import { describeWith } from "../../support/real.ts";
import { answeredBy, carryOut, doneBy, mended } from "./carry-out.ts";
import { startDrill, type DrillWorld } from "./drill-world.ts";
import { endDrill } from "./record.ts";
import { NEW, OLD, saidIn, startedNew } from "./upgrade-hands.ts";

jest.setTimeout(300_000);

const NAME = "before.snap";
const COMMAND = `runbook rollback-upgrade prod vault-0 version=${OLD} snapshot=${NAME}`;

describeWith(["openbao", "openbao-previous", "openssl"], "rollback-upgrade on a real cluster", () => {
  it("while an old node leads, the new standby is emptied and copies everything from it: nothing is lost", async () => {
    await using world = await startOld();
    const { cluster } = world;
    await write(cluster, "before", 1);
    const leader = await cluster.activeNode();
    const standby = cluster.nodes.find((node) => node !== leader) ?? leader;
    await upgrade(standby);
    await write(cluster, "after", 2);

    const carried = await carryOut(
      world,
      { command: COMMAND },
      {
        "standbys.replace": mended(async () => {
          await standby.kill("SIGTERM");
          await standby.removeData();
          standby.useBinary(requireBinary("openbao-previous"));
          await standby.start();
          await joined(cluster, standby);
        }),
        "standbys.unseal": mended(async () => await standby.unseal()),
      },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(await saidIn(world, carried)).toContain("Nothing was lost.");
    expect(await versionsOf(cluster)).toEqual([OLD, OLD, OLD]);
    expect((await cluster.activeNode()).name).toBe(leader.name);
    for (const [name, value] of [
      ["before", 1],
      ["after", 2],
    ] as const)
      expect(await read(cluster, leader, name)).toBe(value);
    await endDrill(world, carried, {
      name: "rollback-upgrade-one-standby",
      fault: `one standby upgraded to ${NEW}, which is not wanted, while the leader has ${OLD}`,
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "command /vault runbook rollback-upgrade",
      verified: `every node's own sys/health says ${OLD}, the same node leads, and what was written after the upgrade is read`,
    });
  });

  it("when all are new, the snapshot is restored into the old version and opened with the old shares", async () => {
    await using world = await startOld();
    const { cluster } = world;
    await write(cluster, "before", 1);
    const identity = await identityOf(await cluster.activeNode(), cluster);
    await saveSnapshot(world);
    for (const node of cluster.nodes) await upgrade(node);
    await write(cluster, "after", 2);
    const first = cluster.node("vault-0");
    let throwAway = { root: "", share: "" };

    const carried = await carryOut(
      world,
      { command: COMMAND },
      {
        loss: answeredBy("alice", "everything since the snapshot is lost"),
        stop_all: mended(async () => await Promise.all(cluster.nodes.map(async (node) => await node.kill("SIGTERM")))),
        aside: async (moment) => {
          for (const node of cluster.nodes) {
            await node.removeData();
            node.useBinary(requireBinary("openbao-previous"));
          }
          await doneBy("alice")(moment);
        },
        first: mended(async () => await first.start()),
        throw_away: mended(async () => {
          const { body } = await cluster.call(first, "PUT", "sys/init", { secret_shares: 1, secret_threshold: 1 }, "");
          const made = body as { readonly root_token: string; readonly keys_base64: readonly string[] };
          throwAway = { root: made.root_token, share: made.keys_base64[0] ?? "" };
          await first.unsealWith(throwAway.share);
        }),
        restore: mended(async () => {
          await led(cluster, first);
          await bao(world, first, ["operator", "raft", "snapshot", "restore", "-force", backup(world)], throwAway.root);
        }),
        reopen: mended(async () => {
          // What the runbook warns of: before the restart the right share is refused.
          const { statusCode } = await cluster.call(first, "PUT", "sys/unseal", { key: cluster.unsealKeys[0] }, "");
          expect(statusCode).toBe(400);
          await first.kill("SIGTERM");
          await first.start();
          await first.unseal();
        }),
        data: async (moment) => {
          expect(await read(cluster, first, "before")).toBe(1);
          await doneBy("alice")(moment);
        },
        join: mended(async () => {
          for (const node of cluster.nodes.slice(1)) {
            await node.start();
            await joined(cluster, node);
            await node.unseal();
          }
        }),
      },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(await versionsOf(cluster)).toEqual([OLD, OLD, OLD]);
    const active = await cluster.activeNode();
    expect(await identityOf(active, cluster)).toBe(identity);
    expect(await read(cluster, active, "before")).toBe(1);
    expect(await read(cluster, active, "after")).toBeUndefined();
    await endDrill(world, carried, {
      name: "rollback-upgrade-from-the-snapshot",
      fault: `all nodes upgraded to ${NEW}, which is not wanted`,
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "command /vault runbook rollback-upgrade",
      verified: `every node says ${OLD} and the cluster id from before; a secret of the snapshot is read, one written after it is gone`,
    });
  });
});

async function startOld(): Promise<DrillWorld> {
  const seal = { type: "shamir", shares: 3, threshold: 2 } as const;
  const world = await startDrill({ nodes: 3, seal, binary: requireBinary("openbao-previous") });
  const { cluster } = world;
  const active = await cluster.activeNode();
  await cluster.call(active, "POST", "sys/mounts/kept", { type: "kv" });
  return world;
}

async function upgrade(node: OpenBaoNode): Promise<void> {
  await node.kill("SIGTERM");
  await startedNew(node, []);
  await node.unseal();
}

/** Through `retry_join`, by itself: it is sealed then, and no longer empty. */
async function joined(cluster: OpenBaoCluster, node: OpenBaoNode): Promise<void> {
  await waitFor(`${node.name} join`, async () => {
    const { body } = await cluster.call(node, "GET", "sys/seal-status", undefined, "");
    return (body as { readonly initialized: boolean }).initialized ? true : undefined;
  });
}

async function led(cluster: OpenBaoCluster, node: OpenBaoNode): Promise<void> {
  await waitFor(`${node.name} lead`, async () =>
    (await cluster.call(node, "GET", "sys/health", undefined, "")).statusCode === 200 ? true : undefined,
  );
}

function backup({ directory }: DrillWorld): string {
  return join(directory, "backups", NAME);
}

async function saveSnapshot(world: DrillWorld): Promise<void> {
  const active = await world.cluster.activeNode();
  await bao(world, active, ["operator", "raft", "snapshot", "save", backup(world)], world.cluster.rootToken);
}

async function bao(world: DrillWorld, node: OpenBaoNode, args: readonly string[], token: string): Promise<void> {
  const env = { BAO_ADDR: node.address, BAO_CACERT: world.cluster.caFile, BAO_TOKEN: token, HOME: world.directory };
  await promisify(execFile)(requireBinary("openbao-previous"), args, { env });
}

async function write(cluster: OpenBaoCluster, name: string, value: number): Promise<void> {
  await waitFor(`${name} written`, async () => {
    const active = await cluster.activeNode();
    const { statusCode } = await cluster.call(active, "POST", `kept/${name}`, { value });
    return statusCode === 204 ? true : undefined;
  });
}

async function read(cluster: OpenBaoCluster, node: OpenBaoNode, name: string): Promise<number | undefined> {
  const { body } = await cluster.call(node, "GET", `kept/${name}`);
  return (body as { readonly data?: { readonly value?: number } }).data?.value;
}

async function identityOf(node: OpenBaoNode, cluster: OpenBaoCluster): Promise<string> {
  const { body } = await cluster.call(node, "GET", "sys/health", undefined, "");
  return (body as { readonly cluster_id: string }).cluster_id;
}

async function versionsOf(cluster: OpenBaoCluster): Promise<string[]> {
  const answers = await Promise.all(
    cluster.nodes.map(async (node) => await cluster.call(node, "GET", "sys/health", undefined, "")),
  );
  return answers.map(({ body }) => (body as { readonly version: string }).version);
}
