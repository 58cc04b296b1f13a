import { describe, expect, it } from "@jest/globals";
import { startApp } from "../../src/app/app.ts";
import { REFUSALS } from "../../src/engine/decision.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { writeSettings } from "./settings-files.ts";

describe("/metrics of the program", () => {
  it("tells of runs: what is open from the store, and what became of approvals, from 0 on", async () => {
    await using directory = await temporaryDirectory();
    const settings = await (await writeSettings(directory.path)).load();
    const app = await startApp({ settings, env: {}, logger: silentLogger });
    try {
      await app.core.runs.ask({
        type: "approve",
        runId: "R404",
        gateId: "none",
        by: { id: "bob", name: "bob", role: "approver", groups: [] },
      });
      const page = await (await fetch(`${app.address}/metrics`)).text();
      for (const { name } of settings.config.clusters)
        expect(page).toContain(`sealwatch_runs_unknown{vault_cluster="${name}"} 0\n`);
      expect(page).toContain("sealwatch_runs_readable 1\n");
      expect(page).toContain("sealwatch_break_glass_total 0\n");
      expect(page).toContain('sealwatch_approvals_refused_total{reason="no-such-run"} 1\n');
      for (const reason of [...REFUSALS, "secret"])
        expect(page).toContain(`sealwatch_approvals_refused_total{reason="${reason}"}`);
      for (const id of settings.runbooks.keys())
        expect(page).toContain(`sealwatch_runs_finished_total{runbook="${id}",result="resolved"} 0\n`);
    } finally {
      await app.stop();
    }
  });

  it("gives a run away as a post-mortem, and says that there is none of another name", async () => {
    await using directory = await temporaryDirectory();
    const settings = await (await writeSettings(directory.path)).load();
    const app = await startApp({ settings, env: {}, logger: silentLogger });
    try {
      const inputs = { cluster: "prod", node: "vault-0" };
      const by = { id: "bob", name: "bob", role: "approver", groups: [] } as const;
      const answer = await app.core.runs.start({ runbook: "sealed-node", inputs, by, origin: { surface: "cli" } });
      if (!answer.ok) throw new Error(answer.why);
      const exported = await fetch(`${app.address}/runs/${answer.runId}/export.json`);
      expect(exported.status).toBe(200);
      expect(await exported.json()).toMatchObject({ runId: answer.runId, verification: { whole: true } });
      expect((await fetch(`${app.address}/runs/${answer.runId}/export.md`)).status).toBe(200);
      expect((await fetch(`${app.address}/runs/R404/export.md`)).status).toBe(404);
    } finally {
      await app.stop();
    }
  });
});
