import { CopyObjectCommand, DeleteBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { createS3Destination } from "../../src/backup/s3.ts";
import type { S3Options } from "../../src/backup/s3-options.ts";
import { Secret } from "../../src/lib/secret.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { backupDestinationContract, type Place } from "../contracts/backup-destination.contract.ts";
import { MOTO_KEYS, MOTO_PAGE, startMoto, type RunningMoto } from "../support/moto.ts";
import { describeWith } from "../support/real.ts";

const never = new AbortController().signal;

describeWith(["moto"], "a bucket of a real S3 server", () => {
  let moto: RunningMoto;
  let buckets = 0;

  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(async () => {
    await moto[Symbol.asyncDispose]();
  });

  const options = (bucket: string, more: Partial<S3Options> = {}): S3Options => ({
    name: "s3",
    bucket,
    prefix: "",
    suffix: ".snap",
    region: "us-east-1",
    endpoint: moto.endpoint,
    forcePathStyle: true,
    readCredentials: async () => await Promise.resolve(secrets(MOTO_KEYS)),
    ...more,
  });

  const newBucket = async (): Promise<string> => {
    buckets += 1;
    const bucket = `backups-${buckets}`;
    await moto.createBucket(bucket);
    return bucket;
  };

  backupDestinationContract(async (suffix): Promise<Place> => {
    const bucket = await newBucket();
    return {
      destination: createS3Destination(options(bucket, { suffix })),
      put: async (name, bytes = 10) => await moto.put(bucket, name, bytes),
      // S3 tells whole seconds: the next object is newer only in the next one.
      tick: async () => {
        const second = thisSecond();
        await waitFor("the next second", async () => await Promise.resolve(thisSecond() > second ? true : undefined));
      },
      copy: async (from, to) =>
        void (await moto.client.send(
          new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource: `${bucket}/${from}` }),
        )),
      remove: async () => void (await moto.client.send(new DeleteBucketCommand({ Bucket: bucket }))),
      [Symbol.asyncDispose]: async () => await Promise.resolve(),
    };
  });

  it("looks at every key below the prefix, whatever slashes follow, and at no other", async () => {
    const bucket = await newBucket();
    for (const key of ["prod/a.snap", "prod/2026/11/b.snap", "stage/c.snap", "d.snap"]) await moto.put(bucket, key, 1);

    const { objects } = await createS3Destination(options(bucket, { prefix: "prod/" })).list(never);

    expect(objects).toBe(2);
  });

  it("reads the listing to its end when it has several pages", async () => {
    const bucket = await newBucket();
    const count = 3 * MOTO_PAGE + 1;
    for (let at = 0; at < count; at += 1) await moto.put(bucket, `${String(at)}.snap`, 1);

    expect((await createS3Destination(options(bucket)).list(never)).objects).toBe(count);
  });

  it("does not take a second name of the newest for the backup before it", async () => {
    const bucket = await newBucket();
    await moto.put(bucket, "a.snap", 10);
    await moto.client.send(new CopyObjectCommand({ Bucket: bucket, Key: "b.snap", CopySource: `${bucket}/a.snap` }));

    const { objects, newest, previous } = await createS3Destination(options(bucket)).list(never);

    expect(objects).toBe(2);
    expect(newest?.name).toBe("b.snap");
    expect(previous).toBeUndefined();
  });

  // The last, because moto looks at keys from here on.
  it("says why it is denied, takes new keys with the next listing, and repeats no key", async () => {
    const bucket = await newBucket();
    const user = await moto.createUser();
    const keys = [MOTO_KEYS, { ...user, secretAccessKey: "another-canary" }, user];
    let listings = 0;
    const readCredentials = async () => await Promise.resolve(secrets(keys[listings++] ?? user));
    const destination = createS3Destination(options(bucket, { readCredentials }));

    const messages = [];
    while (listings < keys.length) messages.push(await messageOf(destination.list(never)));

    const host = new URL(moto.endpoint).host;
    expect(messages).toEqual([
      `cannot list backups in s3://${bucket}/ at ${host}: the server does not know this access key id; give keys that are valid now`,
      `cannot list backups in s3://${bucket}/ at ${host}: the secret access key does not belong to the access key id; give keys that are valid now`,
      `cannot list backups in s3://${bucket}/ at ${host}: these credentials may not list it; allow them s3:ListBucket on the bucket`,
    ]);
  });
});

function secrets({ accessKeyId, secretAccessKey }: typeof MOTO_KEYS) {
  return { accessKeyId: new Secret(accessKeyId), secretAccessKey: new Secret(secretAccessKey) };
}

function thisSecond(): number {
  return Math.floor(Date.now() / 1000);
}

async function messageOf(listing: Promise<unknown>): Promise<string> {
  return await listing.then(
    () => "no failure",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
