import { link, mkdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createDirectoryDestination } from "../../src/backup/directory.ts";
import type { BackupListing } from "../../src/backup/destination.ts";
import { backupDestinationContract, type Place } from "../contracts/backup-destination.contract.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const never = new AbortController().signal;

const list = async (directory: string): Promise<BackupListing> =>
  await createDirectoryDestination({ name: "nfs", directory, suffix: ".snap" }).list(never);

/** Writes a file of so many bytes, so many minutes after now. */
async function put(directory: string, name: string, { bytes = 10, minutes = 0 } = {}): Promise<void> {
  const file = path.join(directory, name);
  await writeFile(file, "x".repeat(bytes));
  const time = Date.now() / 1000 + minutes * 60;
  await utimes(file, time, time);
}

async function openPlace(suffix: string): Promise<Place> {
  const directory = await temporaryDirectory();
  let minutes = 0;
  return {
    destination: createDirectoryDestination({ name: "nfs", directory: directory.path, suffix }),
    put: async (name, bytes = 10) => await put(directory.path, name, { bytes, minutes }),
    tick: async () => {
      minutes += 1;
      await Promise.resolve();
    },
    copy: async (from, to) => await link(path.join(directory.path, from), path.join(directory.path, to)),
    remove: async () => await rm(directory.path, { recursive: true }),
    [Symbol.asyncDispose]: async () => await directory[Symbol.asyncDispose](),
  };
}

describe("a directory", () => {
  backupDestinationContract(openPlace);

  it("counts neither symbolic links nor directories, even of the right name", async () => {
    await using directory = await temporaryDirectory();
    await put(directory.path, "vault.snap", { minutes: 1 });
    await symlink("vault.snap", path.join(directory.path, "daily.snap"));
    await symlink("removed.snap", path.join(directory.path, "broken.snap"));
    await mkdir(path.join(directory.path, "archive.snap"));
    await put(path.join(directory.path, "archive.snap"), "inside.snap", { minutes: 9 });

    expect(await list(directory.path)).toMatchObject({
      objects: 1,
      newest: { name: "vault.snap" },
      pointerCurrent: undefined,
    });
  });

  it.each([
    { name: "the newest", link: "latest.snap", target: "vault-2.snap", current: true },
    { name: "the newest, without the suffix", link: "latest", target: "vault-2.snap", current: true },
    { name: "the newest through another link", link: "vault-latest.snap", target: "daily.snap", current: true },
    { name: "an older one", link: "latest.snap", target: "vault-1.snap", current: false },
    { name: "one that is gone", link: "latest.snap", target: "vault-0.snap", current: false },
    { name: "one of its name elsewhere", link: "latest.snap", target: "elsewhere/vault-2.snap", current: false },
  ])("says whether a link called latest leads to the newest: $name", async ({ link, target, current }) => {
    await using directory = await temporaryDirectory();
    await put(directory.path, "vault-1.snap", { minutes: 1 });
    await put(directory.path, "vault-2.snap", { minutes: 2 });
    await mkdir(path.join(directory.path, "elsewhere"));
    await put(path.join(directory.path, "elsewhere"), "vault-2.snap");
    await symlink("vault-2.snap", path.join(directory.path, "daily.snap"));
    await symlink(target, path.join(directory.path, link));

    expect(await list(directory.path)).toMatchObject({ objects: 2, pointerCurrent: current });
  });

  it("does not take a second name of the newest for the backup before it", async () => {
    await using directory = await temporaryDirectory();
    await put(directory.path, "vault-1.snap", { minutes: 1, bytes: 10 });
    await put(directory.path, "vault-2.snap", { minutes: 2, bytes: 20 });
    await link(path.join(directory.path, "vault-2.snap"), path.join(directory.path, "weekly.snap"));

    expect((await list(directory.path)).previous).toMatchObject({ name: "vault-1.snap" });
  });

  it("lists a directory that is itself a symbolic link", async () => {
    await using directory = await temporaryDirectory();
    await mkdir(path.join(directory.path, "real"));
    await put(path.join(directory.path, "real"), "vault.snap");
    await symlink("vault.snap", path.join(directory.path, "real", "latest"));
    await symlink("real", path.join(directory.path, "backups"));

    expect(await list(path.join(directory.path, "backups"))).toMatchObject({ objects: 1, pointerCurrent: true });
  });

  it.each([
    { name: "a directory that is not there", entry: "missing", code: "ENOENT" },
    { name: "a file", entry: "file.snap", code: "ENOTDIR" },
  ])("refuses $name with what to check", async ({ entry, code }) => {
    await using directory = await temporaryDirectory();
    await put(directory.path, "file.snap");
    const place = path.join(directory.path, entry);

    await expect(list(place)).rejects.toMatchObject({
      reason: "not-found",
      message: `cannot list backups in ${place}: ${code}; check that the directory is mounted and that sealwatch may read it`,
    });
  });
});
