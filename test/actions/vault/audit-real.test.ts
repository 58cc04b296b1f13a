import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import type { OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";
import { openBaoForTest } from "../../support/openbao.ts";
import { describeWith } from "../../support/real.ts";
import { broken, createRealWorld } from "./real-world.ts";

describeWith(["openbao", "openssl"], "vault.audit-disable on a real OpenBao whose devices come by its API", () => {
  it("takes a device away, is not believed for an answer, and never takes the last one", async () => {
    await using server = await openBaoForTest({ nodes: 1, clusterName: "prod", tls: false });
    const [node] = server.nodes;
    if (node === undefined) throw new Error("there is no node");
    await allowDevicesByApi(node);
    await using world = await createRealWorld(server);
    for (const name of ["one", "two"]) {
      const made = await server.call(node, "PUT", `sys/audit/${name}`, {
        type: "file",
        options: { file_path: `${name}.log` },
      });
      expect(made.statusCode).toBe(204);
    }

    const disable = await world.act("vault.audit-disable", { device: "one" });
    expect(broken(await disable.preconditions())).toEqual([]);
    await world.whileLying(
      { method: "DELETE", path: /sys\/audit/u, answer: "204" },
      async () => void (await disable.perform()),
    );
    expect(await disable.probe()).toMatchObject({ verdict: "not-done" });
    expect(await disable.perform()).toEqual({ disabled: "one" });
    expect(await disable.probe()).toEqual({ verdict: "done", evidence: "audit devices on vault-0: two/" });

    const last = await world.act("vault.audit-disable", { device: "two/" });
    expect(broken(await last.preconditions())).toEqual(["another"]);
    await expect(last.perform()).rejects.toMatchObject({ reason: "refused" });
  });
});

/** Starts the node again without the devices of its configuration file, and with leave to make others. */
async function allowDevicesByApi(node: OpenBaoNode): Promise<void> {
  await node.kill();
  const file = join(node.directory, "server.hcl");
  const config = await readFile(file, "utf8");
  await writeFile(file, config.replaceAll(/^audit "file".*?\n\}\n?/gmsu, ""));
  await appendFile(file, "\nunsafe_allow_api_audit_creation = true\n");
  await node.start();
  await node.unseal();
}
