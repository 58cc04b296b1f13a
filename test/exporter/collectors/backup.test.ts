import { describe, expect, it } from "@jest/globals";
import { createBackupCollector } from "../../../src/exporter/collectors/backup.ts";
import { EMPTY, fakeWatch, listedWatch } from "../../backup/fake-watch.ts";
import { fakeCluster, NOW } from "../fake-cluster.ts";
import { outcomeOf, samplesOf } from "../scrape.ts";

const cluster = fakeCluster({ nodes: [{ name: "vault-0", state: "unreachable" }] });
const LOST = { reason: "not-found", retryable: true, message: "cannot list backups in /nfs: ENOENT" } as const;

describe("backup collector", () => {
  it("writes what landed and what is known of the listing, whatever Vault does", async () => {
    const collector = createBackupCollector([listedWatch(NOW)]);

    expect(await samplesOf(cluster, collector)).toBe(
      `sealwatch_backup_interval_seconds{vault_cluster="prod",destination="nfs"} 86400
sealwatch_backup_listing_success{vault_cluster="prod",destination="nfs"} 1
sealwatch_backup_listing_timestamp_seconds{vault_cluster="prod",destination="nfs"} ${NOW / 1000}
sealwatch_backup_listing_duration_seconds{vault_cluster="prod",destination="nfs"} 0.25
sealwatch_backup_listing_failures_total{vault_cluster="prod",destination="nfs"} 0
sealwatch_backup_last_object_timestamp_seconds{vault_cluster="prod",destination="nfs"} ${NOW / 1000 - 60}
sealwatch_backup_last_object_size_bytes{vault_cluster="prod",destination="nfs"} 2048
sealwatch_backup_last_object_size_change_bytes{vault_cluster="prod",destination="nfs"} -1024
sealwatch_backup_objects{vault_cluster="prod",destination="nfs"} 2
sealwatch_backup_partial_objects{vault_cluster="prod",destination="nfs"} 1
sealwatch_backup_latest_pointer_current{vault_cluster="prod",destination="nfs"} 1`,
    );
  });

  it("writes 0 as the time of no backup at all, and neither a change nor a pointer", async () => {
    const samples = await samplesOf(cluster, createBackupCollector([fakeWatch({ listing: EMPTY, listedAt: NOW })]));

    expect(samples).toContain(
      `sealwatch_backup_last_object_timestamp_seconds{vault_cluster="prod",destination="nfs"} 0\n`,
    );
    expect(samples).not.toMatch(/size_change|pointer/u);
  });

  it("has only what is configured before the first listing has ended, and calls that no failure", async () => {
    expect(await samplesOf(cluster, createBackupCollector([fakeWatch({})]))).toBe(
      `sealwatch_backup_interval_seconds{vault_cluster="prod",destination="nfs"} 86400
sealwatch_backup_listing_success{vault_cluster="prod",destination="nfs"} 0
sealwatch_backup_listing_timestamp_seconds{vault_cluster="prod",destination="nfs"} 0
sealwatch_backup_listing_failures_total{vault_cluster="prod",destination="nfs"} 0`,
    );
  });

  it("tells of a destination that cannot be listed without its old numbers, and loses no other", async () => {
    const lost = fakeWatch({ failure: LOST, listedAt: NOW - 600_000, durationMs: 5, failures: 3 }, "lost");
    const collector = createBackupCollector([lost, fakeWatch({ listing: EMPTY, listedAt: NOW, durationMs: 1 })]);

    const { samples, reason } = await outcomeOf(cluster, collector);

    expect(reason).toBe("not-found");
    expect(samples.split("\n").filter((line) => line.includes(`destination="lost"`))).toEqual([
      `sealwatch_backup_interval_seconds{vault_cluster="prod",destination="lost"} 86400`,
      `sealwatch_backup_listing_success{vault_cluster="prod",destination="lost"} 0`,
      `sealwatch_backup_listing_timestamp_seconds{vault_cluster="prod",destination="lost"} ${NOW / 1000 - 600}`,
      `sealwatch_backup_listing_duration_seconds{vault_cluster="prod",destination="lost"} 0.005`,
      `sealwatch_backup_listing_failures_total{vault_cluster="prod",destination="lost"} 3`,
    ]);
    expect(samples).toContain(
      `sealwatch_backup_last_object_timestamp_seconds{vault_cluster="prod",destination="nfs"} 0\n`,
    );
  });

  it("writes only the destinations of the cluster that is scraped", async () => {
    const collector = createBackupCollector([fakeWatch({}, "nfs", "stage"), fakeWatch({ failure: LOST }, "s3", "dev")]);

    expect(await outcomeOf(cluster, collector)).toEqual({ samples: "", reason: undefined });
  });

  it("starts and stops every watch, and no scrape does", async () => {
    const events: string[] = [];
    const watch = (name: string) => ({
      ...fakeWatch({}, name),
      start: () => void events.push(`start ${name}`),
      stop: async () => void (await Promise.resolve(events.push(`stop ${name}`))),
    });
    const collector = createBackupCollector([watch("nfs"), watch("s3")]);

    await samplesOf(cluster, collector);
    expect(events).toEqual([]);
    collector.background?.start();
    await collector.background?.stop();

    expect(events).toEqual(["start nfs", "start s3", "stop nfs", "stop s3"]);
  });
});
