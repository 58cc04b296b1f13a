import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { createBackupWatches } from "../../src/app/backup-watches.ts";
import { createCollectors } from "../../src/exporter/registry.ts";
import type { OpenBaoCluster, OpenBaoNode } from "../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { withFailingAudit } from "../acceptance/failing-audit.ts";
import { exporterView } from "../exporter/exporter-view.ts";
import { serve } from "../exporter/serve.ts";
import { openBaoForTest } from "../support/openbao.ts";
import { startPrometheus, type RunningPrometheus } from "../support/prometheus.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { ALERTS, readRules, SUBJECTS } from "./read-alerts.ts";

/** The shipped rules, except that nothing has to last for minutes. */
async function hurriedRules(directory: string): Promise<readonly string[]> {
  return Promise.all(
    SUBJECTS.map(async (subject) => {
      const file = path.join(directory, `${subject}.rules.yaml`);
      const rules = await readFile(`${ALERTS}${subject}.rules.yaml`, "utf8");
      await writeFile(file, rules.replaceAll(/for: \d+m$/gmu, "for: 2s"));
      return file;
    }),
  );
}

describeWith(["openbao", "openssl", "prometheus"], "the alerts on a real cluster of three", () => {
  const resources = new AsyncDisposableStack();
  let bao: OpenBaoCluster;
  let prometheus: RunningPrometheus;
  let backup: string;

  beforeAll(async () => {
    const directory = resources.use(await temporaryDirectory()).path;
    const backups = resources.use(await temporaryDirectory()).path;
    backup = path.join(backups, "vault.snap");
    await writeFile(backup, "a snapshot");
    bao = resources.use(await openBaoForTest({ nodes: 3 }));
    const disk = { name: "disk", directory: backups, suffix: ".snap", interval: 3_600_000, refresh: 200 };
    const collectors = createCollectors({
      backups: createBackupWatches([{ name: "prod", backups: [disk] }], { env: {} }),
    });
    for (const { background } of collectors) {
      background?.start();
      resources.defer(async () => await background?.stop());
    }
    const vault = await exporterView(bao, collectors);
    resources.defer(() => vault.close());
    const clock = { now: () => Date.now() };
    const { url } = resources.use(await serve({ clusters: [vault], collectors, clock }));
    prometheus = resources.use(
      await startPrometheus({
        directory,
        scrape: [{ job: "sealwatch", targets: [new URL(url).host] }],
        rules: await hurriedRules(directory),
      }),
    );
  });

  afterAll(() => resources.disposeAsync());

  const untilMargin = async (margin: number): Promise<void> => {
    await waitFor(`a margin of ${margin}`, async () =>
      (await prometheus.query("sealwatch_raft_margin"))[0]?.value === margin ? true : undefined,
    );
  };

  const standby = async (): Promise<OpenBaoNode> => {
    const active = await bao.activeNode();
    const found = bao.nodes.find(({ name, pid }) => name !== active.name && pid !== undefined);
    if (found === undefined) throw new Error("no standby runs");
    return found;
  };

  it("are all quiet while all is well", async () => {
    await untilMargin(1);
    const expressions = (await Promise.all(SUBJECTS.map(readRules))).flat();

    for (const { expr } of expressions)
      // A scrape that was cut short on a busy machine is told, and over with the next.
      await waitFor(
        `nothing of ${expr}`,
        async () => ((await prometheus.query(expr)).length === 0 ? true : undefined),
        {
          timeoutMs: 30_000,
        },
      );
  });

  it("VaultBackupStale fires when the only backup is gone, and ends when there is one", async () => {
    await rm(backup);
    const [alert] = await prometheus.waitForAlert("VaultBackupStale", "firing");
    await writeFile(backup, "a snapshot");

    expect(alert?.labels).toMatchObject({ vault_cluster: "prod", destination: "disk", runbook: "stale-backup" });
    expect(alert?.annotations["description"]).toContain("none, or the destination cannot be listed");
    await prometheus.waitForAlert("VaultBackupStale", "inactive");
  });

  it("VaultAuditBlocked fires while no audit device of the active node can write, and ends when one can", async () => {
    await withFailingAudit(await bao.activeNode(), async () => {
      const [alert] = await prometheus.waitForAlert("VaultAuditBlocked", "firing", 60_000);
      expect(alert?.labels).toMatchObject({ vault_cluster: "prod", runbook: "audit-device-failure" });
      expect(alert?.annotations["description"]).toMatch(/The last read took [\d.]+(?:ms|s)[.]/u);
    });

    await prometheus.waitForAlert("VaultAuditBlocked", "inactive", 60_000);
  });

  it("VaultNodeSealed and VaultQuorumAtRisk name the sealed node, and end when it is unsealed", async () => {
    const node = await standby();
    await node.seal();

    const [sealed] = await prometheus.waitForAlert("VaultNodeSealed", "firing");
    const [atRisk] = await prometheus.waitForAlert("VaultQuorumAtRisk", "firing", 60_000);
    await node.unseal();

    expect(sealed?.labels).toMatchObject({ vault_cluster: "prod", vault_node: node.name, runbook: "sealed-node" });
    expect(sealed?.annotations["description"]).toContain("Seal: shamir. Key shares given: 0 of 2.");
    expect(atRisk?.labels).toMatchObject({ vault_cluster: "prod", vault_node: node.name, runbook: "lost-peer" });
    await prometheus.waitForAlert("VaultNodeSealed", "inactive");
    await prometheus.waitForAlert("VaultQuorumAtRisk", "inactive", 60_000);
  });

  it("VaultNodeUnreachable and VaultQuorumAtRisk name a dead voter, which is not called sealed", async () => {
    await untilMargin(1);
    const node = await standby();
    await node.kill();

    const [unreachable] = await prometheus.waitForAlert("VaultNodeUnreachable", "firing");
    const [atRisk] = await prometheus.waitForAlert("VaultQuorumAtRisk", "firing", 60_000);

    const named = { vault_cluster: "prod", vault_node: node.name, runbook: "lost-peer" };
    expect(unreachable?.labels).toMatchObject({ ...named, severity: "warning" });
    expect(unreachable?.annotations["description"]).toContain("unreachable. Unsealed nodes: 2 of 3.");
    expect(atRisk?.labels).toMatchObject(named);
    expect(atRisk?.annotations["description"]).toContain("Healthy voters: 2 of 3; quorum: 2.");
    const firing = (await prometheus.alerts()).map(({ labels }) => labels["alertname"] ?? "");
    expect(firing.toSorted()).toEqual(["VaultNodeUnreachable", "VaultQuorumAtRisk"]);
  });

  it("VaultNoActiveNode fires when the next voter dies, with what cannot be read then, and all end when both are back", async () => {
    await (await standby()).kill();

    const [alert] = await prometheus.waitForAlert("VaultNoActiveNode", "firing", 60_000);
    const failing = await prometheus.waitForAlert("SealwatchCollectorFailing", "firing");
    for (const node of bao.nodes.filter(({ pid }) => pid === undefined)) {
      await node.start();
      await node.unseal();
    }

    expect(alert?.labels).toMatchObject({ vault_cluster: "prod", runbook: "no-leader" });
    expect(alert?.annotations["description"]).toContain("Answering: 1.");
    expect(failing[0]?.labels).toMatchObject({
      vault_cluster: "prod",
    });
    for (const name of ["VaultNoActiveNode", "SealwatchCollectorFailing", "VaultNodeUnreachable"])
      await prometheus.waitForAlert(name, "inactive", 60_000);
  });
});
