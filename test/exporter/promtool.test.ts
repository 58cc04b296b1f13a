import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "@jest/globals";
import { createCollectors } from "../../src/exporter/registry.ts";
import { requireBinary } from "../support/binaries.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { fakeCluster } from "./fake-cluster.ts";
import { serve } from "./serve.ts";

/** Gives a page to `promtool check metrics`: its verdict, and what it complains about. */
async function checkMetrics(page: string): Promise<{ code: number; complaints: string }> {
  const child = spawn(requireBinary("promtool"), ["check", "metrics"], { stdio: ["pipe", "ignore", "pipe"] });
  const complaints = child.stderr.setEncoding("utf8").toArray();
  child.stdin.end(page);
  const [code] = (await once(child, "close")) as [number];
  return { code, complaints: (await complaints).join("") };
}

describeWith(["promtool"], "promtool check metrics", () => {
  it("finds nothing to complain about in a page with every collector and every state of a node", async () => {
    await using directory = await temporaryDirectory();
    const clusters = [
      fakeCluster({
        name: "prod",
        nodes: [
          { name: "vault-0", state: "active" },
          { name: "vault-1", state: "standby" },
          { name: "vault-2", state: "sealed" },
          { name: "vault-3", state: "uninitialized" },
          { name: "vault-4", state: "unreachable" },
        ],
        irrevocable: { auth_userpass_1a2b: 2 },
      }),
      fakeCluster({ name: "stage", nodes: [{ name: "vault-0", state: "active" }] }),
    ];
    const collectors = createCollectors({
      destinationsOf: () => [{ name: "nfs", directory: directory.path, interval: 3_600_000 }],
    });
    await using served = await serve({ clusters, collectors });

    const page = await (await fetch(`${served.url}/metrics`)).text();

    expect(page.match(/^# TYPE sealwatch_/gmu)).toHaveLength(
      collectors.reduce((sum, { families }) => sum + families.length, 0) + 4,
    );
    expect(await checkMetrics(page)).toEqual({ code: 0, complaints: "" });
  });

  it("complains about a page that breaks the rules, so that the test above can fail", async () => {
    const { code, complaints } = await checkMetrics("# TYPE sealwatch_things_total gauge\nsealwatch_things_total 1\n");

    expect(code).not.toBe(0);
    expect(complaints).toContain("sealwatch_things_total");
  });
});
