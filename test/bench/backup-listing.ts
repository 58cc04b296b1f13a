/*
 * Lists 100 000 backups: a bucket by ours and by the SDK's bare paginator, a directory by ours and by bare readdir and lstat.
 * Run with `node test/bench/backup-listing.ts [bucket | directory]`. Each side is a process of its own and the sides take turns, so that memory is its own and
 * a busy machine slows both. The server answers from memory: a real one would hide what we add behind its own time.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { report, type Measured } from "./report.ts";

const OBJECTS = 100_000;
const PAGE = 1000;
const TURNS = 3;
const SIDE = fileURLToPath(new URL("backup-listing-side.ts", import.meta.url));

async function measure(side: string, place: string): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, [SIDE, side, place, String(OBJECTS)]);
  return JSON.parse(stdout) as Measured;
}

async function compare(floor: string, ours: string, place: string): Promise<{ floor: Measured; ours: Measured }> {
  const sides: Record<string, Measured> = {};
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const side of turn % 2 === 0 ? [floor, ours] : [ours, floor]) {
      const { rounds, rssMb } = await measure(side, place);
      const before = sides[side] ?? { rounds: [], rssMb: 0 };
      sides[side] = { rounds: [...before.rounds, ...rounds], rssMb: Math.max(before.rssMb, rssMb) };
    }
  }
  const none = { rounds: [], rssMb: Number.NaN };
  return { floor: sides[floor] ?? none, ours: sides[ours] ?? none };
}

const name = (at: number): string => `vault-${String(at).padStart(6, "0")}.snap`;

/** An S3 server that knows one listing, written beforehand. */
async function startFakeS3() {
  const pages = Array.from({ length: OBJECTS / PAGE }, (_, page) => pageXml(page));
  const server = createServer((request, response) => {
    const token = new URL(request.url ?? "/", "http://localhost").searchParams.get("continuation-token");
    response.writeHead(200, { "content-type": "application/xml" }).end(pages[Number(token ?? 0)]);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.dispose]: () => void server.close(),
  };
}

function pageXml(page: number): string {
  const contents = Array.from({ length: PAGE }, (_, at) => {
    const number = page * PAGE + at;
    const time = new Date(1_700_000_000_000 + number * 60_000).toISOString();
    return `<Contents><Key>prod/${name(number)}</Key><LastModified>${time}</LastModified><ETag>&quot;${String(number).padStart(32, "0")}&quot;</ETag><Size>${1_000_000 + number}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
  });
  const isLast = (page + 1) * PAGE === OBJECTS;
  const next = isLast ? "" : `<NextContinuationToken>${page + 1}</NextContinuationToken>`;
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>backups</Name><Prefix>prod/</Prefix><KeyCount>${PAGE}</KeyCount><MaxKeys>${PAGE}</MaxKeys><IsTruncated>${!isLast}</IsTruncated>${next}${contents.join("")}</ListBucketResult>`;
}

async function benchBucket(): Promise<string> {
  using server = await startFakeS3();
  const what = `bucket of ${OBJECTS} objects, against the bare SDK paginator`;
  return report({ what, target: 1.2, ...(await compare("sdk", "s3", server.endpoint)) });
}

async function benchDirectory(): Promise<string> {
  await using directory = await temporaryDirectory();
  for (let at = 0; at < OBJECTS; at += 1) writeFileSync(join(directory.path, name(at)), "x");
  const what = `directory of ${OBJECTS} files, against bare readdir and lstat, one at a time`;
  return report({ what, ...(await compare("readdir", "directory", directory.path)) });
}

const only = process.argv[2];
if (only !== "directory") process.stdout.write(`${await benchBucket()}\n`);
if (only !== "bucket") process.stdout.write(`${await benchDirectory()}\n`);
