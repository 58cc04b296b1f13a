import { describe, expect, it } from "@jest/globals";
import type { SnapshotTarget } from "../../../src/actions/services.ts";
import { FailureError } from "../../../src/lib/failure.ts";
import { createFakeCluster, type FakeCluster } from "../fake-cluster.ts";
import { askAction } from "./ask-action.ts";

const KEPT = { name: "night.snap", bytes: 10, sha256: "a1b2", index: 41 };
const well = (): FakeCluster => createFakeCluster(["standby", "active", "standby"]);

const saving = (target: Partial<SnapshotTarget> = {}) =>
  askAction(
    "vault.snapshot-save",
    { name: "night.snap" },
    {
      snapshots: {
        describe: () => "/backups",
        find: async () => await Promise.resolve(undefined),
        save: async () => await Promise.resolve(KEPT),
        ...target,
      },
    },
  );

describe("vault.snapshot-save", () => {
  it("tells where it goes and that the name is free", async () => {
    expect((await saving().facts(well())).map(({ name, ok, value }) => [name, ok, value]).slice(2, 4)).toEqual([
      ["target", true, "/backups"],
      ["free", true, true],
    ]);
  });

  it("is refused where the name is taken, and where nothing is configured", async () => {
    expect(await saving({ find: async () => await Promise.resolve(KEPT) }).broken(well())).toEqual(["free"]);
    expect(await saving({ describe: () => undefined }).broken(well())).toEqual(["target"]);
  });

  it("saves what the active node sends, and gives what the file is", async () => {
    const got: string[] = [];
    const save: SnapshotTarget["save"] = async (cluster, name, content) => {
      for await (const piece of content) got.push(`${cluster} ${name} ${Buffer.from(piece).toString()}`);
      return KEPT;
    };
    const fake = well();
    expect(await saving({ save }).perform(fake)).toEqual({ ...KEPT, from: "vault-1" });
    expect(got).toEqual(["prod night.snap a snapshot"]);
    expect(fake.changes).toEqual([{ node: "vault-1", change: "streamRaftSnapshot", given: [] }]);
  });

  it("ends the answer of the server when the target refuses before it reads", async () => {
    let left = false;
    const body = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield await Promise.resolve(new Uint8Array(1));
      } finally {
        left = true;
      }
    };
    const refused = new FailureError({ reason: "refused", retryable: false, message: "cannot save: it is there" });
    const fake = well();
    const active = {
      ...fake.cluster.node("vault-1"),
      streamRaftSnapshot: async () => await Promise.resolve({ headers: {}, body: body() }),
    };
    const cluster = { ...fake.cluster, activeNode: async () => await Promise.resolve(active) };
    const save: SnapshotTarget["save"] = async () => await Promise.reject(refused);
    await expect(saving({ save }).perform({ ...fake, cluster })).rejects.toBe(refused);
    expect(left).toBe(true);
  });

  it("is proven by reading the file again", async () => {
    expect(await saving().probe(well())).toEqual({ verdict: "not-done", evidence: "there is no whole night.snap" });
    expect(await saving({ find: async () => await Promise.resolve(KEPT) }).probe(well())).toEqual({
      verdict: "done",
      evidence: "night.snap was read again: 10 bytes, every sum right, up to raft index 41, SHA-256 a1b2",
    });
    const broken = new FailureError({ reason: "denied", retryable: true, message: "cannot read: EACCES; look" });
    expect(await saving({ find: async () => await Promise.reject(broken) }).probe(well())).toEqual({
      verdict: "unknown",
      evidence: "cannot read: EACCES; look",
    });
  });

  it.each(["night", "../night.snap", ".snap", "a b.snap", "a/b.snap", ""])(
    "takes no name that leads elsewhere: %p",
    async (name) => {
      await expect(askAction("vault.snapshot-save", { name }).facts(well())).rejects.toMatchObject({
        reason: "refused",
      });
    },
  );
});
