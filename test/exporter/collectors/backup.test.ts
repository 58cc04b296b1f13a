import { utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createBackupCollector } from "../../../src/exporter/collectors/backup.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { fakeCluster, NOW } from "../fake-cluster.ts";
import { outcomeOf, samplesOf } from "../scrape.ts";

const DAY_MS = 86_400_000;
const cluster = fakeCluster({ nodes: [{ name: "vault-0", state: "unreachable" }] });

describe("backup collector", () => {
  it("writes time, size and number of what landed, whatever Vault does", async () => {
    await using directory = await temporaryDirectory();
    const file = path.join(directory.path, "vault.snap");
    await writeFile(file, "x".repeat(2048));
    await utimes(file, NOW / 1000 - 60, NOW / 1000 - 60);
    await writeFile(path.join(directory.path, "next.snap.tmp"), "x");
    const collector = createBackupCollector(() => [{ name: "nfs", directory: directory.path, interval: DAY_MS }]);

    expect(await samplesOf(cluster, collector)).toBe(
      `sealwatch_backup_interval_seconds{vault_cluster="prod",destination="nfs"} 86400
sealwatch_backup_listing_success{vault_cluster="prod",destination="nfs"} 1
sealwatch_backup_last_object_timestamp_seconds{vault_cluster="prod",destination="nfs"} ${NOW / 1000 - 60}
sealwatch_backup_last_object_size_bytes{vault_cluster="prod",destination="nfs"} 2048
sealwatch_backup_objects{vault_cluster="prod",destination="nfs"} 1
sealwatch_backup_partial_objects{vault_cluster="prod",destination="nfs"} 1`,
    );
  });

  it("writes 0 as the time of no backup at all", async () => {
    await using directory = await temporaryDirectory();
    const collector = createBackupCollector(() => [{ name: "nfs", directory: directory.path, interval: DAY_MS }]);

    expect(await samplesOf(cluster, collector)).toContain(
      `sealwatch_backup_last_object_timestamp_seconds{vault_cluster="prod",destination="nfs"} 0\n`,
    );
  });

  it("keeps the interval of a destination that cannot be listed, and every other destination", async () => {
    await using directory = await temporaryDirectory();
    const missing = path.join(directory.path, "missing");
    const collector = createBackupCollector(() => [
      { name: "lost", directory: missing, interval: DAY_MS },
      { name: "nfs", directory: directory.path, interval: DAY_MS },
    ]);

    const { samples, reason } = await outcomeOf(cluster, collector);

    expect(reason).toBe("not-found");
    expect(samples).toBe(
      `sealwatch_backup_interval_seconds{vault_cluster="prod",destination="lost"} 86400
sealwatch_backup_interval_seconds{vault_cluster="prod",destination="nfs"} 86400
sealwatch_backup_listing_success{vault_cluster="prod",destination="lost"} 0
sealwatch_backup_listing_success{vault_cluster="prod",destination="nfs"} 1
sealwatch_backup_last_object_timestamp_seconds{vault_cluster="prod",destination="nfs"} 0
sealwatch_backup_last_object_size_bytes{vault_cluster="prod",destination="nfs"} 0
sealwatch_backup_objects{vault_cluster="prod",destination="nfs"} 0
sealwatch_backup_partial_objects{vault_cluster="prod",destination="nfs"} 0`,
    );
  });

  it("asks for the destinations of the cluster that is scraped", async () => {
    const collector = createBackupCollector((name) => [
      { name: `of-${name}`, directory: "/nonexistent", interval: DAY_MS },
    ]);

    expect((await outcomeOf(cluster, collector)).samples).toContain(`destination="of-prod"`);
  });

  it("gives a hung disk up in time, and adds no second listing to the one that hangs", async () => {
    let listings = 0;
    const collector = createBackupCollector(
      () => [{ name: "hung", directory: "/hung", interval: DAY_MS }],
      () => {
        listings += 1;
        return new Promise(() => {});
      },
    );

    const first = await outcomeOf(cluster, collector);
    const second = await outcomeOf(cluster, collector);

    expect(first).toEqual(second);
    expect(first).toEqual({
      reason: "timeout",
      samples: `sealwatch_backup_interval_seconds{vault_cluster="prod",destination="hung"} 86400
sealwatch_backup_listing_success{vault_cluster="prod",destination="hung"} 0`,
    });
    expect(listings).toBe(1);
  });
});
