import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createBackupWatches } from "../../src/app/backup-watches.ts";
import type { BackupState, BackupWatch } from "../../src/backup/watch.ts";
import { Backup } from "../../src/config/sections/backup.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { errorBody, serveHttp } from "../backup/fault-server.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { startNode } from "./child.ts";

/** Lists once. */
async function look(watch: BackupWatch | undefined): Promise<BackupState> {
  if (watch === undefined) throw new Error("there is no watch");
  watch.start();
  try {
    return await waitFor("the listing", async () => {
      const state = watch.state();
      return await Promise.resolve(state.durationMs === undefined ? undefined : state);
    });
  } finally {
    await watch.stop();
  }
}

/** Lists the backups that are configured so, and says whether a package of the AWS SDK was loaded for it. */
const PROGRAM = `
  import { registerHooks } from "node:module";
  let loaded = false;
  registerHooks({
    load(url, context, next) {
      loaded ||= url.includes("/@aws-sdk/");
      return next(url, context);
    },
  });
  const { createBackupWatches } = await import("./src/app/backup-watches.ts");
  const backups = JSON.parse(process.env.BACKUPS);
  const [watch] = createBackupWatches([{ name: "prod", backups }], { env: process.env });
  watch.start();
  while (watch.state().durationMs === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
  await watch.stop();
  console.log(watch.state().failure?.reason ?? "listed", loaded ? "with the SDK" : "without the SDK");
`;

async function listInChild(backup: unknown): Promise<string> {
  const env = { BACKUPS: JSON.stringify([Backup.parse(backup)]), KEY: "key" };
  await using child = startNode(["--input-type=module", "--eval", PROGRAM], env);
  await child.ended;
  return child.output().trim();
}

describe("createBackupWatches", () => {
  it("makes a watch of every place of every cluster, by its directory and suffix", async () => {
    await using directory = await temporaryDirectory();
    await mkdir(join(directory.path, "prod"));
    await writeFile(join(directory.path, "prod", "bao_2026-11-22-0300.snapshot"), "a snapshot");
    const backup = (name: string) =>
      Backup.parse({ name, directory: join(directory.path, name), suffix: ".snapshot", interval: "6h" });

    const watches = createBackupWatches(
      [
        { name: "prod", backups: [backup("prod"), backup("nfs")] },
        { name: "stage", backups: [backup("nfs")] },
      ],
      { env: {} },
    );

    expect(watches.map(({ cluster, destination, intervalMs }) => [cluster, destination, intervalMs])).toEqual([
      ["prod", "prod", 21_600_000],
      ["prod", "nfs", 21_600_000],
      ["stage", "nfs", 21_600_000],
    ]);
    expect((await look(watches[0])).listing).toMatchObject({ objects: 1 });
    expect((await look(watches[1])).failure).toMatchObject({ reason: "not-found" });
  });

  it("reads a bucket's keys at each listing anew", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "access-key-id");
    const seen: (string | undefined)[] = [];
    await using server = await serveHttp((response, { headers }) => {
      seen.push(/Credential=([^/]+)/u.exec(headers.authorization ?? "")?.[1]);
      response.writeHead(403).end(errorBody("AccessDenied"));
    });
    const s3 = {
      bucket: "backups",
      endpoint: server.endpoint,
      forcePathStyle: true,
      accessKeyId: { file },
      secretAccessKey: { env: "S3_SECRET" },
    };
    const clusters = [{ name: "prod", backups: [Backup.parse({ name: "s3", s3 })] }];

    for (const id of ["first", "second"]) {
      await writeFile(file, `${id}\n`);
      const [watch] = createBackupWatches(clusters, { env: { S3_SECRET: "secret" } });
      expect((await look(watch)).failure).toMatchObject({ reason: "denied" });
    }
    const [keyless] = createBackupWatches(clusters, { env: {} });
    const { failure } = await look(keyless);

    expect(seen).toEqual(["first", "second"]);
    expect(failure?.message).toContain("cannot read the secret from variable S3_SECRET");
  });

  it("does not load the SDK for a directory", async () => {
    await using directory = await temporaryDirectory();

    expect(await listInChild({ name: "nfs", directory: directory.path })).toBe("listed without the SDK");
  });

  it("loads the SDK for a bucket", async () => {
    const s3 = {
      bucket: "backups",
      endpoint: "http://127.0.0.1:1",
      accessKeyId: { env: "KEY" },
      secretAccessKey: { env: "KEY" },
      forcePathStyle: true,
    };

    expect(await listInChild({ name: "s3", s3 })).toBe("unreachable with the SDK");
  });
});
