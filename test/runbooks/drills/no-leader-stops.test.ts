import { expect, it, jest } from "@jest/globals";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { describeWith } from "../../support/real.ts";
import { carryOut } from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { pathOf } from "./path-of.ts";
import { endDrill } from "./record.ts";

describeWith(["openbao", "openssl"], "no-leader on a real cluster where it is not for this runbook to go on", () => {
  jest.setTimeout(300_000);

  it("with all nodes sealed it names the runbook for that, and with all of them empty it has nobody initialise anything", async () => {
    await using world = await startDrill({ nodes: 3 });
    const { cluster } = world;
    for (const node of cluster.nodes) await node.seal();

    const sealed = await carryOut(world, { alert: "VaultNoActiveNode" }, {});

    const first = sealed.ended.run;
    expect(first).toMatchObject({ status: "finished", result: "stopped" });
    expect(pathOf(sealed.ended)).toEqual(["situation", "look", "empty", "sealed"]);
    expect(first.status === "finished" && first.text).toContain("unseal 2 more, with the runbook sealed-node");
    await endDrill(world, sealed, {
      name: "no-leader-all-sealed",
      fault: "all nodes sealed",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "alert VaultNoActiveNode",
      verified: "every node's own sys/seal-status says sealed",
    });

    for (const node of cluster.nodes) await node.kill();
    for (const node of cluster.nodes) await node.removeData();
    await Promise.all(cluster.nodes.map(async (node) => await node.start()));

    const empty = await carryOut(world, { command: "runbook no-leader prod" }, {});

    const second = empty.ended.run;
    expect(second).toMatchObject({ status: "finished", result: "stopped" });
    expect(pathOf(empty.ended)).toEqual(["situation", "look", "empty"]);
    expect(second.status === "finished" && second.text).toContain("Initialise nothing yet.");
    await waitFor("three empty nodes", async () => {
      const said = await Promise.all(cluster.nodes.map(async (node) => await cluster.call(node, "GET", "sys/init")));
      return said.every(({ body }) => (body as { initialized?: boolean }).initialized === false) ? true : undefined;
    });
    await endDrill(world, empty, {
      name: "no-leader-all-empty",
      fault: "all data directories deleted, and all nodes started again",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "/vault runbook no-leader prod",
      verified: "every node's own sys/init says that it is not initialised",
    });
  });
});
