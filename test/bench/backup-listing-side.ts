/*
 * One side of test/bench/backup-listing.ts: `node backup-listing-side.ts SIDE PLACE COUNT` lists a place a few times and prints how long each
 * round took and the most memory that it needed.
 */
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Secret } from "../../src/lib/secret.ts";
import type { Measured } from "./report.ts";

const ROUNDS = 2;
const keys = { accessKeyId: "key", secretAccessKey: "secret" };
const bucket = { region: "us-east-1", forcePathStyle: true };
const never = new AbortController().signal;

/** Each gives the number of backups that it found. A round opens and closes what it uses, as ours does at each refresh. */
const sides: Readonly<Record<string, (place: string) => Promise<number>>> = {
  sdk: async (endpoint) => {
    const { S3Client, paginateListObjectsV2 } = await import("@aws-sdk/client-s3");
    const client = new S3Client({ ...bucket, endpoint, credentials: keys });
    let count = 0;
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: "backups", Prefix: "prod/" })) {
      count += Contents.length;
    }
    client.destroy();
    return count;
  },
  s3: async (endpoint) => {
    const { createS3Destination } = await import("../../src/backup/s3.ts");
    const readCredentials = async () =>
      await Promise.resolve({
        accessKeyId: new Secret(keys.accessKeyId),
        secretAccessKey: new Secret(keys.secretAccessKey),
      });
    const place = { name: "s3", bucket: "backups", prefix: "prod/", suffix: ".snap", endpoint, readCredentials };
    return (await createS3Destination({ ...bucket, ...place }).list(never)).objects;
  },
  readdir: async (directory) => {
    const names = await readdir(directory);
    for (const name of names) await lstat(join(directory, name));
    return names.length;
  },
  directory: async (directory) => {
    const { createDirectoryDestination } = await import("../../src/backup/directory.ts");
    return (await createDirectoryDestination({ name: "nfs", directory, suffix: ".snap" }).list(never)).objects;
  },
};

const [, , side = "", place = "", count = "0"] = process.argv;
const list = sides[side];
if (list === undefined) throw new Error(`there is no side ${side}`);
const rounds: number[] = [];
// The first round loads and compiles, and is not counted.
for (let round = 0; round <= ROUNDS; round += 1) {
  const began = performance.now();
  const found = await list(place);
  if (found !== Number(count)) throw new Error(`${side} found ${found} of ${count}`);
  if (round > 0) rounds.push(performance.now() - began);
}
const measured: Measured = { rounds, rssMb: process.resourceUsage().maxRSS / 1024 };
process.stdout.write(JSON.stringify(measured));
