import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createDirectorySnapshots } from "../../src/backup/directory-snapshots.ts";
import { createSnapshotTarget } from "../../src/backup/snapshot-target.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { inPieces, packSnapshot, snapshotParts } from "./make-snapshot.ts";

const FILE = packSnapshot(snapshotParts());
const { signal } = new AbortController();

describe("snapshots in a directory", () => {
  const world = async () => {
    const directory = await temporaryDirectory();
    const target = createSnapshotTarget(new Map([["prod", createDirectorySnapshots(directory.path)]]));
    const save = async (content: AsyncIterable<Uint8Array>, name = "night.snap") =>
      await target.save("prod", name, content, { signal });
    return { ...directory, target, save, files: async () => await readdir(directory.path) };
  };

  it("keeps a whole snapshot, for its owner alone, and finds it again", async () => {
    await using on = await world();
    const kept = await on.save(inPieces(FILE, 50));
    expect(kept).toMatchObject({ name: "night.snap", bytes: FILE.length, index: 41 });
    expect(await on.files()).toEqual(["night.snap"]);
    expect((await readFile(join(on.path, "night.snap"))).equals(FILE)).toBe(true);
    expect((await stat(join(on.path, "night.snap"))).mode & 0o777).toBe(0o600);
    expect(await on.target.find("prod", "night.snap", { signal })).toEqual(kept);
    expect(on.target.describe("prod")).toBe(on.path);
  });

  it("leaves nothing of a snapshot that was cut off, and says why", async () => {
    await using on = await world();
    await expect(on.save(inPieces(FILE.subarray(0, -30), 50))).rejects.toMatchObject({
      reason: "invalid-answer",
      message: expect.stringMatching(/^cannot keep the snapshot night[.]snap: its gzip is cut off or broken; /u),
    });
    expect(await on.files()).toEqual([]);
  });

  it("leaves nothing when the server goes away, and passes its failure on", async () => {
    await using on = await world();
    const gone = new FailureError({ reason: "unreachable", retryable: true, message: "cannot read: it went away" });
    const breaking = async function* (): AsyncGenerator<Uint8Array> {
      yield* inPieces(FILE.subarray(0, 60), 10);
      throw gone;
    };
    await expect(on.save(breaking())).rejects.toBe(gone);
    expect(await on.files()).toEqual([]);
  });

  it("has a file under a name that no listing takes for a backup until it is whole", async () => {
    await using on = await world();
    const seen: string[][] = [];
    const watched = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of inPieces(FILE, 50)) {
        seen.push(await on.files());
        yield piece;
      }
    };
    await on.save(watched());
    expect(seen.flat().filter((name) => !/^night[.]snap[.].+[.]tmp$/u.test(name))).toEqual([]);
    expect(seen.length).toBeGreaterThan(2);
  });

  it("replaces no file, not even one that came meanwhile", async () => {
    await using on = await world();
    await on.save(inPieces(FILE, 50));
    await expect(on.save(inPieces(FILE, 50))).rejects.toMatchObject({
      reason: "refused",
      message: expect.stringContaining("choose another name"),
    });
    const racing = async function* (): AsyncGenerator<Uint8Array> {
      yield* inPieces(FILE, 50);
      await writeFile(join(on.path, "other.snap"), "somebody else's");
    };
    await expect(on.save(racing(), "other.snap")).rejects.toMatchObject({ reason: "refused" });
    expect(await readFile(join(on.path, "other.snap"), "utf8")).toBe("somebody else's");
    expect((await on.files()).sort()).toEqual(["night.snap", "other.snap"]);
  });

  it.each(["../night.snap", "a/b.snap", ".hidden.snap", ""])("takes no name that leads elsewhere: %p", async (name) => {
    await using on = await world();
    await expect(on.save(inPieces(FILE, 50), name)).rejects.toMatchObject({ reason: "refused" });
    await expect(on.target.find("prod", name, { signal })).rejects.toMatchObject({ reason: "refused" });
  });

  it("finds nothing where there is nothing, and nothing whole where a file was spoiled", async () => {
    await using on = await world();
    expect(await on.target.find("prod", "night.snap", { signal })).toBeUndefined();
    await writeFile(join(on.path, "night.snap"), FILE.subarray(0, -1));
    expect(await on.target.find("prod", "night.snap", { signal })).toBeUndefined();
  });

  it("says what is wrong with the place", async () => {
    await using on = await world();
    await expect(on.target.save("staging", "a.snap", inPieces(FILE, 50), { signal })).rejects.toMatchObject({
      reason: "refused",
      message: expect.stringContaining("clusters[].backups"),
    });
    expect(on.target.describe("staging")).toBeUndefined();
    const gone = createSnapshotTarget(new Map([["prod", createDirectorySnapshots(join(on.path, "gone"))]]));
    await expect(gone.save("prod", "a.snap", inPieces(FILE, 50), { signal })).rejects.toMatchObject({
      reason: "not-found",
      message: expect.stringContaining("ENOENT"),
    });
    await mkdir(join(on.path, "a.snap"));
    await expect(on.target.find("prod", "a.snap", { signal })).rejects.toMatchObject({ reason: "unreachable" });
  });

  it("ends with the signal, and leaves nothing", async () => {
    await using on = await world();
    const abort = new AbortController();
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      yield* inPieces(FILE.subarray(0, 60), 10);
      abort.abort();
      yield* inPieces(FILE.subarray(60), 1);
    };
    await expect(on.target.save("prod", "night.snap", endless(), { signal: abort.signal })).rejects.toMatchObject({
      reason: "aborted",
    });
    expect(await on.files()).toEqual([]);
  });
});
