import { describe, expect, it } from "@jest/globals";
import { tellAlerts } from "../../src/app/tell-alerts.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import type { AlertGroup, LoadedRun } from "../../src/runner/ports.ts";

const group = (key: string, status: AlertGroup["status"]): AlertGroup => ({
  key,
  status,
  receivedAt: 1,
  startsAt: 1,
  alerts: [],
});
const run = (alertGroup: string | undefined, alert: "firing" | "resolved" | "none"): LoadedRun =>
  ({ run: { origin: { surface: "slack", ...(alertGroup !== undefined && { alertGroup }) }, alert } }) as LoadedRun;

/** Gives what the runs were told. */
async function told(open: readonly LoadedRun[], groups: readonly AlertGroup[]): Promise<readonly string[]> {
  const heard: string[] = [];
  await tellAlerts({
    runs: {
      list: async () => await Promise.resolve(open),
      noteAlert: async (key, status) => void (await Promise.resolve(heard.push(`${key} ${status}`))),
    },
    alerts: { get: async (key) => await Promise.resolve(groups.find((each) => each.key === key)) },
    logger: silentLogger,
  });
  return heard;
}

describe("tellAlerts", () => {
  it("tells a run of its alert what a dead process stored and did not tell", async () => {
    expect(await told([run("g1", "firing")], [group("g1", "resolved")])).toEqual(["g1 resolved"]);
  });

  it("tells nobody what they know, and nothing of alerts that are unknown or not theirs", async () => {
    const runs = [run("g1", "firing"), run("g2", "firing"), run(undefined, "none")];
    expect(await told(runs, [group("g1", "firing"), group("g3", "resolved")])).toEqual([]);
  });

  it("lets the program start when the store cannot be asked", async () => {
    const errors: string[] = [];
    await tellAlerts({
      runs: { list: async () => await Promise.reject(new Error("no database")), noteAlert: async () => {} },
      alerts: { get: async () => await Promise.resolve(undefined) },
      logger: { ...silentLogger, error: (message) => void errors.push(message) },
    });
    expect(errors).toEqual(["cannot tell open runs what became of their alerts"]);
  });
});
