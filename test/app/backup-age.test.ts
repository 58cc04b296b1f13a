import { describe, expect, it } from "@jest/globals";
import { createBackupAge } from "../../src/app/backup-age.ts";
import type { BackupDestination, BackupListing } from "../../src/backup/destination.ts";
import { FailureError } from "../../src/lib/failure.ts";

const NEVER = new AbortController().signal;

function listing(modifiedMs?: number): BackupListing {
  const newest = modifiedMs === undefined ? undefined : { name: "a.snap", modifiedMs, sizeBytes: 1 };
  return {
    objects: newest === undefined ? 0 : 1,
    partialObjects: 0,
    newest,
    previous: undefined,
    pointerCurrent: undefined,
  };
}

/** A destination that gives these listings one after the other; a failure is thrown, and what hangs ends with its signal. */
function destination(name: string, ...answers: (BackupListing | FailureError | Promise<BackupListing>)[]) {
  const asked: AbortSignal[] = [];
  const list: BackupDestination["list"] = async (signal) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push(signal);
    if (answer instanceof FailureError) throw answer;
    if (answer === undefined) throw new Error("there is no answer");
    return await answer;
  };
  return { name, list, asked };
}

function opened(...destinations: readonly ReturnType<typeof destination>[]) {
  const time = { now: 0 };
  const clock = { now: () => time.now };
  const held = destinations.map((each) => ({ cluster: "prod", destination: each, refreshMs: 300_000 }));
  return { time, age: createBackupAge(held, clock) };
}

const LOST = new FailureError({ reason: "unreachable", retryable: true, message: "cannot list backups at nas: gone" });

describe("the newest backup", () => {
  it("is the newest over all destinations of the cluster", async () => {
    const { age } = opened(
      destination("nas", listing(1000)),
      destination("s3", listing(2000)),
      destination("tape", listing()),
    );
    expect(await age.newest("prod", { signal: NEVER })).toEqual({ destination: "s3", at: 2000 });
  });

  it("is told by the destinations that can be listed", async () => {
    const { age } = opened(destination("nas", LOST), destination("s3", listing(2000)));
    expect(await age.newest("prod", { signal: NEVER })).toEqual({ destination: "s3", at: 2000 });
  });

  it("is not known where there is none, and for a cluster without destinations", async () => {
    const { age } = opened(destination("nas", listing()));
    expect(await age.newest("prod", { signal: NEVER })).toBeUndefined();
    expect(await age.newest("test", { signal: NEVER })).toBeUndefined();
  });

  it("is a failure, and never `none`, when no destination can be listed", async () => {
    const { age } = opened(destination("nas", LOST));
    await expect(age.newest("prod", { signal: NEVER })).rejects.toBe(LOST);
  });

  it("is listed again only when the listing is as old as its refresh", async () => {
    const nas = destination("nas", listing(1000), listing(2000));
    const { age, time } = opened(nas);
    await age.newest("prod", { signal: NEVER });
    time.now = 299_999;
    expect(await age.newest("prod", { signal: NEVER })).toMatchObject({ at: 1000 });
    time.now = 300_000;
    expect(await age.newest("prod", { signal: NEVER })).toMatchObject({ at: 2000 });
    expect(nas.asked).toHaveLength(2);
  });

  it("is listed again at once after a failure", async () => {
    const { age } = opened(destination("nas", LOST, listing(1000)));
    await expect(age.newest("prod", { signal: NEVER })).rejects.toBe(LOST);
    expect(await age.newest("prod", { signal: NEVER })).toMatchObject({ at: 1000 });
  });

  it("is given up with the signal while the listing goes on for whoever asks next", async () => {
    const slow = Promise.withResolvers<BackupListing>();
    const nas = destination("nas", slow.promise);
    const { age } = opened(nas);
    const abort = new AbortController();

    const first = age.newest("prod", { signal: abort.signal });
    abort.abort();
    await expect(first).rejects.toMatchObject({ reason: "aborted", retryable: true });
    expect(nas.asked[0]?.aborted).toBe(false);

    const second = age.newest("prod", { signal: NEVER });
    slow.resolve(listing(1000));
    expect(await second).toMatchObject({ at: 1000 });
    expect(nas.asked).toHaveLength(1);
  });

  it("ends the listing under way when it is closed", async () => {
    const nas = destination("nas", Promise.withResolvers<BackupListing>().promise);
    const { age } = opened(nas);
    const abort = new AbortController();
    const asked = age.newest("prod", { signal: abort.signal }).catch(() => undefined);
    age.close();
    expect(nas.asked[0]?.aborted).toBe(true);
    abort.abort();
    await asked;
  });
});
