import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createCollectors } from "../../src/exporter/registry.ts";
import { exporterView } from "../exporter/exporter-view.ts";
import { serve } from "../exporter/serve.ts";
import { openBaoForTest } from "../support/openbao.ts";
import { startPrometheus } from "../support/prometheus.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { ALERTS } from "./read-alerts.ts";

/** An active node of OpenBao looks at its key service for the first time after 10 minutes, and nothing shortens that. */
const FIRST_LOOK_MS = 13 * 60_000;

// Twelve minutes are too long for every run of the tests: `SEALWATCH_SLOW=1 npm test -- test/alerts/kms-real`.
const [register, why] =
  process.env["SEALWATCH_SLOW"] === undefined ? [describe.skip, " (left out: slow)"] : [describe, ""];

register(`the alert of the key service${why}`, () => {
  describeWith(["openbao", "openssl", "prometheus"], "VaultKmsUnavailable on a real cluster", () => {
    it(
      "fires when the key service was stopped, while every node is still unsealed, and ends when it is back",
      async () => {
        await using kms = await openBaoForTest({ nodes: 1, namePrefix: "kms", clusterName: "kms" });
        await using bao = await openBaoForTest({ nodes: 3, seal: { type: "transit", from: kms } });
        await using directory = await temporaryDirectory();
        const collectors = createCollectors({ backups: [] });
        const view = await exporterView(bao, collectors);
        await using exporter = await serve({ clusters: [view], collectors, clock: { now: () => Date.now() } });
        const rules = path.join(directory.path, "kms.rules.yaml");
        const shipped = await readFile(`${ALERTS}kms.rules.yaml`, "utf8");
        await writeFile(rules, shipped.replaceAll(/for: \d+m$/gmu, "for: 2s"));
        await using prometheus = await startPrometheus({
          directory: directory.path,
          scrape: [{ job: "sealwatch", targets: [new URL(exporter.url).host] }],
          rules: [rules],
        });
        await kms.nodes[0]?.kill();

        const [alert] = await prometheus.waitForAlert("VaultKmsUnavailable", "firing", FIRST_LOOK_MS);

        expect(alert?.labels).toMatchObject({
          vault_cluster: "prod",
          runbook: "kms-unavailable",
          severity: "critical",
        });
        expect(alert?.annotations["description"]).toContain("Unsealed: 3 of 3.");
        await kms.nodes[0]?.start();
        await kms.nodes[0]?.unseal();
        await prometheus.waitForAlert("VaultKmsUnavailable", "inactive", 150_000);
        await view.close();
      },
      2 * FIRST_LOOK_MS,
    );
  });
});
