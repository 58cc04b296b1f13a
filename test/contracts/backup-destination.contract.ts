import { describe, expect, it } from "@jest/globals";
import type { BackupDestination } from "../../src/backup/destination.ts";

/** A place where backups land, empty at first, with a destination that lists it. */
export type Place = AsyncDisposable & {
  readonly destination: BackupDestination;
  readonly put: (name: string, bytes?: number) => Promise<void>;
  /** Has time go on: what is put from now on is newer than all before it. */
  readonly tick: () => Promise<void>;
  /** Writes a second name for an object, with the same content. */
  readonly copy: (from: string, to: string) => Promise<void>;
  /** Takes the place itself away. */
  readonly remove: () => Promise<void>;
};

const never = new AbortController().signal;

/** What every destination keeps; `open` gives an empty place whose backups end in the suffix. */
export function backupDestinationContract(open: (suffix: string) => Promise<Place>): void {
  describe("as a destination", () => {
    backups(open);
    pointers(open);
    failures(open);
  });
}

function backups(open: (suffix: string) => Promise<Place>): void {
  it("says that there is no backup at all", async () => {
    await using place = await open(".snap");

    expect(await place.destination.list(never)).toEqual({
      objects: 0,
      partialObjects: 0,
      newest: undefined,
      previous: undefined,
      pointerCurrent: undefined,
    });
  });

  it("finds the newest and the one before it by their times, not by their names", async () => {
    await using place = await open(".snap");
    await place.put("m.snap", 10);
    await place.tick();
    await place.put("z.snap", 30);
    await place.tick();
    const before = Math.floor(Date.now() / 1000) * 1000;
    await place.put("a.snap", 20);

    const { objects, newest, previous } = await place.destination.list(never);

    expect(objects).toBe(3);
    expect(newest).toMatchObject({ name: "a.snap", sizeBytes: 20 });
    expect(previous).toMatchObject({ name: "z.snap", sizeBytes: 30 });
    expect(newest?.modifiedMs).toBeGreaterThanOrEqual(before);
  });

  it("takes what is half-written for no backup, however new", async () => {
    await using place = await open(".snap");
    await place.put("vault.snap");
    await place.tick();
    for (const name of ["next.snap.tmp", "next.snap.part", "next.partial", ".next.snap.Ab3dEf"]) await place.put(name);
    await place.put("empty.snap", 0);

    expect(await place.destination.list(never)).toMatchObject({
      objects: 1,
      partialObjects: 5,
      newest: { name: "vault.snap" },
    });
  });

  it("does not look at what is called otherwise", async () => {
    await using place = await open(".snap");
    for (const name of ["vault.snap.sha256", "README.md", "snap", "vault.snapshot"]) await place.put(name);

    expect(await place.destination.list(never)).toMatchObject({ objects: 0, partialObjects: 0 });
  });

  it("goes by another suffix when told to", async () => {
    await using place = await open(".snap.gz");
    await place.put("bao_2026-11-22-0300.snap.gz");
    await place.put("bao_2026-11-22-0400.snap");

    expect(await place.destination.list(never)).toMatchObject({
      objects: 1,
      newest: { name: "bao_2026-11-22-0300.snap.gz" },
    });
  });
}

function pointers(open: (suffix: string) => Promise<Place>): void {
  it("does not take a copy called latest for a backup of its own", async () => {
    await using place = await open(".snap");
    await place.put("vault-1.snap", 10);
    await place.tick();
    await place.put("vault-2.snap", 20);
    await place.copy("vault-2.snap", "vault-latest.snap");

    expect(await place.destination.list(never)).toMatchObject({
      objects: 2,
      newest: { name: "vault-2.snap" },
      previous: { name: "vault-1.snap" },
      pointerCurrent: true,
    });
  });

  it("sees that latest is still the backup before", async () => {
    await using place = await open(".snap");
    await place.put("vault-1.snap", 10);
    await place.copy("vault-1.snap", "latest.snap");
    await place.tick();
    await place.put("vault-2.snap", 20);

    expect(await place.destination.list(never)).toMatchObject({ objects: 2, pointerCurrent: false });
  });

  it("takes a latest with nothing beside it for the backup that it is", async () => {
    await using place = await open(".snap");
    await place.put("latest.snap", 10);

    expect(await place.destination.list(never)).toMatchObject({
      objects: 1,
      newest: { name: "latest.snap", sizeBytes: 10 },
      pointerCurrent: undefined,
    });
  });
}

function failures(open: (suffix: string) => Promise<Place>): void {
  it("says that the place is not there, and never that it is empty", async () => {
    await using place = await open(".snap");
    await place.remove();

    await expect(place.destination.list(never)).rejects.toMatchObject({
      reason: "not-found",
      message: expect.stringMatching(/^cannot list backups in .+: .+; .+/u),
    });
  });

  it("gives up when nobody waits any more", async () => {
    await using place = await open(".snap");
    await place.put("vault.snap");

    await expect(place.destination.list(AbortSignal.abort())).rejects.toMatchObject({ reason: "aborted" });
  });
}
