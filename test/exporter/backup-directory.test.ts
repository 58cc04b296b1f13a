import { mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "@jest/globals";
import { listBackups } from "../../src/exporter/backup-directory.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const NOON = Date.UTC(2026, 10, 22, 12);

/** Writes a file of so many bytes, so many minutes after noon. */
async function put(directory: string, name: string, { bytes = 10, minutes = 0 } = {}): Promise<void> {
  const file = path.join(directory, name);
  await writeFile(file, "x".repeat(bytes));
  const time = new Date(NOON + minutes * 60_000);
  await utimes(file, time, time);
}

describe("listBackups", () => {
  it("finds the newest of several objects by its time, not by its name", async () => {
    await using directory = await temporaryDirectory();
    await put(directory.path, "a.snap", { minutes: 5, bytes: 300 });
    await put(directory.path, "z.snap", { minutes: 1, bytes: 100 });

    expect(await listBackups(directory.path)).toEqual({
      objects: 2,
      partialObjects: 0,
      newest: { name: "a.snap", modifiedMs: NOON + 5 * 60_000, sizeBytes: 300 },
    });
  });

  it("gives no newest object for an empty directory", async () => {
    await using directory = await temporaryDirectory();

    expect(await listBackups(directory.path)).toEqual({ objects: 0, partialObjects: 0, newest: undefined });
  });

  it.each([
    { name: "vault.snap.tmp" },
    { name: "vault.snap.part" },
    { name: "vault.snap.partial" },
    { name: "vault.tmp" },
    { name: ".vault.snap.Ab3dEf" },
    { name: ".vault.snap" },
  ])("takes $name for a half-written object", async ({ name }) => {
    await using directory = await temporaryDirectory();
    await put(directory.path, name);

    expect(await listBackups(directory.path)).toEqual({ objects: 0, partialObjects: 1, newest: undefined });
  });

  it("takes an empty .snap file for a half-written object, however new", async () => {
    await using directory = await temporaryDirectory();
    await put(directory.path, "old.snap", { minutes: 1 });
    await put(directory.path, "new.snap", { minutes: 9, bytes: 0 });

    expect(await listBackups(directory.path)).toMatchObject({
      objects: 1,
      partialObjects: 1,
      newest: { name: "old.snap" },
    });
  });

  it.each([{ name: "vault.snap.sha256" }, { name: "README.md" }, { name: "snap" }])(
    "does not look at $name",
    async ({ name }) => {
      await using directory = await temporaryDirectory();
      await put(directory.path, name);

      expect(await listBackups(directory.path)).toEqual({ objects: 0, partialObjects: 0, newest: undefined });
    },
  );

  it("counts neither symbolic links nor directories, even of the right name", async () => {
    await using directory = await temporaryDirectory();
    await put(directory.path, "vault.snap", { minutes: 1 });
    await symlink("vault.snap", path.join(directory.path, "latest.snap"));
    await symlink("removed.snap", path.join(directory.path, "broken.snap"));
    await mkdir(path.join(directory.path, "archive.snap"));
    await put(path.join(directory.path, "archive.snap"), "inside.snap", { minutes: 9 });

    expect(await listBackups(directory.path)).toMatchObject({ objects: 1, newest: { name: "vault.snap" } });
  });

  it("lists a directory that is itself a symbolic link", async () => {
    await using directory = await temporaryDirectory();
    await mkdir(path.join(directory.path, "real"));
    await put(path.join(directory.path, "real"), "vault.snap");
    await symlink("real", path.join(directory.path, "backups"));

    expect(await listBackups(path.join(directory.path, "backups"))).toMatchObject({ objects: 1 });
  });

  it.each([
    { name: "a directory that is not there", entry: "missing", code: "ENOENT" },
    { name: "a file", entry: "file.snap", code: "ENOTDIR" },
  ])("refuses $name with what to check", async ({ entry, code }) => {
    await using directory = await temporaryDirectory();
    await put(directory.path, "file.snap");
    const place = path.join(directory.path, entry);

    await expect(listBackups(place)).rejects.toMatchObject({
      reason: "not-found",
      message: `cannot list backups in ${place}: ${code}; check that the directory is mounted and that sealwatch may read it`,
    });
  });
});
