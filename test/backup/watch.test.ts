import { describe, expect, it } from "@jest/globals";
import type { BackupDestination, BackupListing } from "../../src/backup/destination.ts";
import { createBackupWatch, type BackupWatch } from "../../src/backup/watch.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { createManualTime, settled, T0 } from "../runner/manual-time.ts";

const MINUTE = 60_000;
const LISTING: BackupListing = {
  objects: 1,
  partialObjects: 0,
  newest: { name: "vault.snap", modifiedMs: T0 - MINUTE, sizeBytes: 10 },
  previous: undefined,
  pointerCurrent: undefined,
};
const LOST = new FailureError({ reason: "unreachable", retryable: true, message: "cannot list backups in /nfs: EIO" });

/** A destination whose listings a test ends one by one. */
function heldDestination() {
  const held: (PromiseWithResolvers<BackupListing> & { readonly signal: AbortSignal })[] = [];
  const list: BackupDestination["list"] = async (signal) => {
    const listing = { ...Promise.withResolvers<BackupListing>(), signal };
    held.push(listing);
    return await listing.promise;
  };
  return { destination: { name: "nfs", list }, held };
}

function watchOf(destination: BackupDestination, refreshMs = 5 * MINUTE) {
  const time = createManualTime();
  const { clock, timers } = time;
  const watch: BackupWatch = createBackupWatch({
    cluster: "prod",
    destination,
    intervalMs: 60 * MINUTE,
    refreshMs,
    clock,
    timers,
  });
  return { watch, time };
}

describe("createBackupWatch", () => {
  it("lists at the start, and again so long after the end of each listing", async () => {
    const { destination, held } = heldDestination();
    const { watch, time } = watchOf(destination);

    watch.start();
    expect(held).toHaveLength(1);
    expect(watch.state()).toMatchObject({ listing: undefined, failure: undefined, durationMs: undefined });
    await time.advance(MINUTE);
    held[0]?.resolve(LISTING);
    await settled();
    await time.advance(5 * MINUTE - 1);

    expect(watch.state()).toEqual({
      listing: LISTING,
      failure: undefined,
      listedAt: T0,
      durationMs: MINUTE,
      failures: 0,
    });
    expect(held).toHaveLength(1);
    await time.advance(1);
    expect(held).toHaveLength(2);
    await watch.stop();
  });

  it("repeats nothing old after a failure, but says when it last saw something", async () => {
    const { destination, held } = heldDestination();
    const { watch, time } = watchOf(destination);
    watch.start();
    held[0]?.resolve(LISTING);
    await settled();
    await time.advance(5 * MINUTE);

    held[1]?.reject(LOST);
    await settled();

    expect(watch.state()).toEqual({
      listing: undefined,
      failure: { reason: "unreachable", retryable: true, message: LOST.message },
      listedAt: T0,
      durationMs: 0,
      failures: 1,
    });
    await watch.stop();
  });

  it("tries again after five minutes when the next listing would be hours away", async () => {
    const { destination, held } = heldDestination();
    const { watch, time } = watchOf(destination, 600 * MINUTE);
    watch.start();
    held[0]?.reject(LOST);
    await settled();
    await time.advance(5 * MINUTE);

    held[1]?.resolve(LISTING);
    await settled();
    await time.advance(599 * MINUTE);

    expect(held).toHaveLength(2);
    expect(watch.state()).toMatchObject({ listing: LISTING, failure: undefined, failures: 1 });
    await watch.stop();
  });

  it("gives a listing that hangs up after two minutes, and adds no second one to it", async () => {
    const { destination, held } = heldDestination();
    const { watch, time } = watchOf(destination);
    watch.start();

    await time.advance(2 * MINUTE);
    const first = watch.state();
    await time.advance(60 * MINUTE);

    expect(first.failure).toMatchObject({
      reason: "timeout",
      message:
        "cannot list backups at destination nfs: it took longer than 2m; check its disk or server, or have fewer objects listed",
    });
    expect(held[0]?.signal.aborted).toBe(true);
    expect(held).toHaveLength(1);
    expect(watch.state().failure?.message).toContain("an earlier listing still hangs");
    expect(watch.state().failures).toBe(13);
    await watch.stop();
  });

  it("lists anew once a hung disk has answered", async () => {
    const { destination, held } = heldDestination();
    const { watch, time } = watchOf(destination);
    watch.start();
    await time.advance(2 * MINUTE);

    held[0]?.resolve({ ...LISTING, objects: 99 });
    await settled();
    await time.advance(5 * MINUTE);
    held[1]?.resolve(LISTING);
    await settled();

    expect(watch.state().listing).toEqual(LISTING);
    await watch.stop();
  });

  it("ends when told to, whether it lists, hangs or waits, and lists no more", async () => {
    for (const minutes of [0, 3, 6]) {
      const { destination, held } = heldDestination();
      const { watch, time } = watchOf(destination);
      watch.start();
      await time.advance(minutes * MINUTE);

      await watch.stop();

      expect(held[0]?.signal.aborted).toBe(true);
      expect(time.pending()).toBe(0);
      await time.advance(60 * MINUTE);
      expect(held).toHaveLength(1);
    }
  });

  it("counts no failure for being stopped", async () => {
    const { destination } = heldDestination();
    const { watch } = watchOf(destination);
    watch.start();

    await watch.stop();

    expect(watch.state()).toMatchObject({ failure: undefined, failures: 0 });
  });
});
