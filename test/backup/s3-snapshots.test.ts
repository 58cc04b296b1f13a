import { randomBytes } from "node:crypto";
import { GetObjectCommand, ListMultipartUploadsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { createS3Snapshots } from "../../src/backup/s3-snapshots.ts";
import type { S3Options } from "../../src/backup/s3-options.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { Secret } from "../../src/lib/secret.ts";
import { MOTO_KEYS, startMoto, type RunningMoto } from "../support/moto.ts";
import { describeWith } from "../support/real.ts";
import { inPieces, packSnapshot, snapshotParts } from "./make-snapshot.ts";

const FILE = packSnapshot(snapshotParts());
const { signal } = new AbortController();

describeWith(["moto"], "snapshots in a bucket of a real S3 server", () => {
  let moto: RunningMoto;
  let buckets = 0;

  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(async () => {
    await moto[Symbol.asyncDispose]();
  });

  const optionsOf = (bucket: string): S3Options => ({
    name: "s3",
    bucket,
    prefix: "vault/",
    suffix: ".snap",
    region: "us-east-1",
    endpoint: moto.endpoint,
    forcePathStyle: true,
    readCredentials: async () =>
      await Promise.resolve({
        accessKeyId: new Secret(MOTO_KEYS.accessKeyId),
        secretAccessKey: new Secret(MOTO_KEYS.secretAccessKey),
      }),
  });

  const world = async () => {
    buckets += 1;
    const Bucket = `snapshots-${buckets}`;
    await moto.createBucket(Bucket);
    const place = createS3Snapshots(optionsOf(Bucket));
    return {
      Bucket,
      place,
      save: async (content: AsyncIterable<Uint8Array>) => await place.save("night.snap", content, { signal }),
      uploads: async () => (await moto.client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? [],
      read: async () => {
        const { Body } = await moto.client.send(new GetObjectCommand({ Bucket, Key: "vault/night.snap" }));
        return Buffer.from((await Body?.transformToByteArray()) ?? []);
      },
    };
  };

  it("keeps a whole snapshot below the prefix, and finds it again", async () => {
    const on = await world();
    const kept = await on.save(inPieces(FILE, 50));
    expect(kept).toMatchObject({ bytes: FILE.length, index: 41 });
    expect((await on.read()).equals(FILE)).toBe(true);
    expect(await on.place.find("night.snap", { signal })).toEqual(kept);
    expect(await on.uploads()).toEqual([]);
    expect(on.place.where).toBe(`s3://${on.Bucket}/vault/`);
  });

  it("sends one of several parts as it is", async () => {
    const on = await world();
    // Random, so that gzip leaves it at its length: three parts of 16 MiB.
    const file = packSnapshot(snapshotParts(randomBytes(36 * 1024 * 1024)));
    const kept = await on.save(inPieces(file, 1024 * 1024));
    expect(kept.bytes).toBe(file.length);
    expect(await on.place.find("night.snap", { signal })).toEqual(kept);
  });

  it("leaves neither an object nor an upload of a snapshot that was cut off", async () => {
    const on = await world();
    await expect(on.save(inPieces(FILE.subarray(0, -20), 50))).rejects.toMatchObject({ reason: "invalid-answer" });
    expect(await on.uploads()).toEqual([]);
    expect(await on.place.find("night.snap", { signal })).toBeUndefined();
  });

  it("leaves nothing when the server goes away, and passes its failure on", async () => {
    const on = await world();
    const gone = new FailureError({ reason: "unreachable", retryable: true, message: "cannot read: it went away" });
    const breaking = async function* (): AsyncGenerator<Uint8Array> {
      yield* inPieces(FILE.subarray(0, 60), 10);
      throw gone;
    };
    await expect(on.save(breaking())).rejects.toBe(gone);
    expect(await on.uploads()).toEqual([]);
    expect(await on.place.find("night.snap", { signal })).toBeUndefined();
  });

  it("replaces no object", async () => {
    const on = await world();
    await moto.client.send(
      new PutObjectCommand({ Bucket: on.Bucket, Key: "vault/night.snap", Body: "somebody else's" }),
    );
    await expect(on.save(inPieces(FILE, 50))).rejects.toMatchObject({
      reason: "refused",
      message: expect.stringContaining("choose another name"),
    });
    expect((await on.read()).toString()).toBe("somebody else's");
    expect(await on.place.find("night.snap", { signal })).toBeUndefined();
  });

  it("says what is wrong with the bucket, and tells no key", async () => {
    const place = createS3Snapshots(optionsOf("nowhere"));
    const failed = await place.save("night.snap", inPieces(FILE, 50), { signal }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ reason: "not-found", message: expect.stringContaining("no such bucket") });
    expect(String(failed)).not.toContain(MOTO_KEYS.accessKeyId);
    await expect(place.find("night.snap", { signal })).rejects.toMatchObject({ reason: "not-found" });
  });
});
