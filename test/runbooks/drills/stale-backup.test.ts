import { execFile } from "node:child_process";
import { readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, jest } from "@jest/globals";
import { systemClock } from "../../../src/app/system.ts";
import { requireBinary } from "../../support/binaries.ts";
import { describeWith } from "../../support/real.ts";
import { confirmWork } from "../../support/slack-hands.ts";
import { carryOut, doneBy } from "./carry-out.ts";
import { startDrill } from "./drill-world.ts";
import { endDrill } from "./record.ts";

jest.setTimeout(240_000);

const TWO_DAYS_AGO = -2 * 86_400;

describeWith(["openbao", "openssl"], "stale-backup on a real cluster", () => {
  it("with a job that has not run for two days: a human makes a backup with the server's own program, and its archive is whole", async () => {
    await using world = await startDrill({ nodes: 3 });
    const { cluster, directory } = world;
    const backups = join(directory, "backups");
    const old = join(backups, "old.snap");
    await writeFile(old, "what the job left");
    const then = systemClock.now() / 1000 + TWO_DAYS_AGO;
    await utimes(old, then, then);

    const carried = await carryOut(
      world,
      { alert: "VaultBackupStale", labels: { destination: "local", severity: "warning" } },
      {
        look: doneBy("alice"),
        again: async ({ world: here, loaded }) => {
          const { address } = await cluster.activeNode();
          await promisify(execFile)(
            requireBinary("openbao"),
            ["operator", "raft", "snapshot", "save", `-address=${address}`, join(backups, "new.snap")],
            { env: { BAO_TOKEN: cluster.rootToken, BAO_CACERT: cluster.caFile } },
          );
          await confirmWork(here, loaded, "alice");
        },
      },
    );

    expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect((await readdir(backups)).sort()).toEqual(["new.snap", "old.snap"]);
    const { stdout } = await promisify(execFile)("tar", ["-tzf", join(backups, "new.snap")]);
    expect(stdout.trim().split("\n").at(-1)).toBe("SHA256SUMS.sealed");
    await endDrill(world, carried, {
      name: "stale-backup-job-did-not-run",
      fault: "the newest backup is two days old",
      cluster: "3 nodes, Shamir 2 of 3",
      begun: "alert VaultBackupStale",
      verified: "the new archive ends with SHA256SUMS.sealed",
    });
  });
});
