import { expect, it } from "@jest/globals";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { describeWith } from "../../support/real.ts";
import { AUTO_UNSEALED, isSealed, startAutoUnsealed, startKms } from "./auto-unsealed.ts";
import { answeredBy, carryOut, doneBy, mended, skippedBy } from "./carry-out.ts";
import { endDrill } from "./record.ts";
import { standbysOf, stepsOf, wordsOf } from "./seen.ts";

describeWith(["openbao", "openssl"], "sealed-node on a real cluster with auto-unseal", () => {
  it("with the key service stopped: the node does not even start, nobody takes it for lost, and it is seen when both are back", async () => {
    await using kms = await startKms();
    await using world = await startAutoUnsealed(kms);
    const { cluster } = world;
    const [node] = await standbysOf(cluster);
    await kms.nodes[0]?.kill();
    await node.kill();
    await expect(node.start()).rejects.toMatchObject({ reason: "refused" });

    const carried = await carryOut(
      world,
      { command: `runbook sealed-node prod ${node.name}` },
      {
        "kms.state": answeredBy("alice", "unreachable"),
        "kms.freeze": doneBy("alice"),
        // What a supervisor does: it starts the process again and again.
        "kms.returns": mended(async () => {
          await kms.nodes[0]?.start();
          await kms.nodes[0]?.unseal();
          await node.start();
        }),
      },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(stepsOf(carried.ended)).toMatchObject({
      neighbour: "done",
      silent: "skipped",
      each: "skipped",
      caught_up: "done",
    });
    expect(Object.keys(stepsOf(carried.ended)).filter((step) => step.endsWith(".again"))).toEqual([]);
    expect(await isSealed(world, node)).toBe(false);
    await endDrill(world, carried, {
      name: "sealed-node-kms-stopped",
      fault: "the key service is stopped, and a node that was killed cannot start",
      cluster: AUTO_UNSEALED,
      begun: "command",
      verified: "the node's own sys/seal-status says unsealed",
    });
  }, 240_000);

  it("sealed by a call while the key service works: it is restarted, alone, and followed until it has caught up", async () => {
    await using kms = await startKms();
    await using world = await startAutoUnsealed(kms);
    const [node, other] = await standbysOf(world.cluster);
    const untouched = other.pid;
    await node.seal();

    const carried = await carryOut(
      world,
      { alert: "VaultNodeSealed", labels: { vault_node: node.name } },
      {
        "kms.state": answeredBy("alice", "works"),
        "kms.restart.again": mended(async () => {
          await node.kill();
          await node.start();
        }),
      },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(wordsOf(carried.ended)).toContain("2 other nodes are unsealed, 2 are needed.");
    expect(stepsOf(carried.ended)).toMatchObject({
      "kms.freeze": "skipped",
      "kms.restart[0].again": "done",
      caught_up: "done",
    });
    expect(await isSealed(world, node)).toBe(false);
    expect(other.pid).toBe(untouched);
    await endDrill(world, carried, {
      name: "sealed-node-by-a-call-auto-unseal",
      fault: "one standby sealed by a call; the key service works",
      cluster: AUTO_UNSEALED,
      begun: "alert VaultNodeSealed",
      verified: "the node's own sys/seal-status says unsealed, and the other standby has the process that it had",
    });
  }, 240_000);

  it("refuses the restart of a node that only does not answer, with the arithmetic, when the others are too few", async () => {
    await using kms = await startKms();
    await using world = await startAutoUnsealed(kms);
    const { cluster } = world;
    const [sealed, hanging] = await standbysOf(cluster);
    const process = hanging.pid;
    await sealed.seal();
    hanging.suspend();

    const carried = await carryOut(
      world,
      { command: `runbook sealed-node prod ${sealed.name}` },
      {
        "kms.state": answeredBy("alice", "works"),
        "kms.restart.again": skippedBy("alice", "its console cannot be reached"),
      },
    );
    hanging.resume();

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "stopped" });
    expect(wordsOf(carried.ended)).toContain(
      `Do not restart \`${hanging.name}\`: it does not answer here, but may be unsealed and needed. Without it 1 nodes are unsealed, and 2 are needed.`,
    );
    expect(hanging.pid).toBe(process);
    await waitFor("a leader, now that the node goes on", async () => await cluster.activeNode());
    expect(await isSealed(world, hanging)).toBe(false);
    await endDrill(world, carried, {
      name: "sealed-node-restart-refused",
      fault: "one standby sealed by a call, the other hangs (SIGSTOP)",
      cluster: AUTO_UNSEALED,
      begun: "command",
      verified: "the hanging node goes on in the process that it had, is unsealed, and a leader is elected",
    });
  }, 240_000);
});
