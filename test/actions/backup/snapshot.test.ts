import { describe, expect, it } from "@jest/globals";
import { snapshot } from "../../../src/actions/backup/snapshot.ts";
import type { SnapshotTarget } from "../../../src/actions/services.ts";
import { contextOf, settle } from "../../contracts/action.contract.ts";
import { createFakeCluster } from "../fake-cluster.ts";

const HELD = { name: "before.snap", bytes: 353, sha256: "a1", index: 30 };

function contextWith(snapshots: SnapshotTarget | undefined) {
  const { services, ...context } = contextOf(createFakeCluster(["sealed", "sealed", "unreachable"]));
  const { snapshots: _, ...others } = services;
  return { ...context, services: snapshots === undefined ? others : { ...others, snapshots } };
}

function placeWith(name: string): SnapshotTarget {
  return {
    describe: () => "/backups",
    save: async () => await Promise.reject(new Error("a check saves nothing")),
    find: async (_, wanted) => await Promise.resolve(wanted === name ? HELD : undefined),
  };
}

describe("backup.snapshot", () => {
  it("tells of a snapshot that is there and whole, while no node serves", async () => {
    expect(await snapshot.read(contextWith(placeWith("before.snap")), { name: "before.snap" })).toEqual({
      found: true,
      place: "/backups",
      bytes: 353,
      sha256: "a1",
      index: 30,
    });
  });

  it("tells that there is none of that name", async () => {
    expect(await snapshot.read(contextWith(placeWith("before.snap")), { name: "other.snap" })).toMatchObject({
      found: false,
      place: "/backups",
      index: 0,
    });
  });

  it("says what to configure where no place for snapshots is", async () => {
    expect(await settle(snapshot.read(contextWith(undefined), { name: "before.snap" }))).toMatchObject({
      reason: "refused",
      message: expect.stringContaining("clusters[].backups"),
    });
  });
});
