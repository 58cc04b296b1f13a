/*
 * Searches a generated audit log, start included, beside the floor: a process that reads the same bytes and calls JSON.parse for each line.
 * Its records are those of OpenBao 2.7.2 for reads of a KV engine, by 2000 tokens; one answer in a thousand lists 2000 names.
 */
import { execFile } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median, report, type Measured } from "./report.ts";

const MEGABYTES = Number(process.argv[2] ?? 256);
const ROUNDS = 3;
const TOKENS = 2000;
const directory = await mkdtemp(join(tmpdir(), "sealwatch-bench-"));
const file = join(directory, "audit.log");
const side = fileURLToPath(new URL("audit-log-side.ts", import.meta.url));

const hash = (kind: string, index: number): string => `hmac-sha256:${kind}${String(index).padStart(63, "0")}`;

function recordsOf(index: number): string {
  const token = index % TOKENS;
  const time = new Date(Date.UTC(2026, 0, 1) + index).toISOString();
  const named = { accessor: hash("a", token), display_name: `token-app-${token}`, policies: ["app", "default"] };
  const auth = { client_token: hash("b", token), ...named, token_type: "service", token_ttl: 3600 };
  const mount = { mount_point: "secret/", mount_type: "kv", mount_accessor: "kv_5c41eef4", mount_class: "secret" };
  const who = { client_token: hash("b", token), client_token_accessor: hash("a", token), remote_address: "192.0.2.1" };
  const path = `secret/data/app-${token}/${index % 50}`;
  const request = {
    id: `00000000-0000-0000-0000-${String(index).padStart(12, "0")}`,
    operation: "read",
    ...mount,
    ...who,
    path,
  };
  const names = index % 1000 === 0 ? Array.from({ length: 2000 }, (_, each) => hash("c", each)) : [hash("c", index)];
  const response = { ...mount, data: { keys: names } };
  return [
    { time, type: "request", auth, request },
    { time, type: "response", auth, request, response },
  ]
    .map((record) => `${JSON.stringify(record)}\n`)
    .join("");
}

async function write(): Promise<number> {
  const stream = createWriteStream(file);
  let bytes = 0;
  for (let index = 0; bytes < MEGABYTES * 1_000_000; index++) {
    const text = recordsOf(index);
    bytes += text.length;
    if (!stream.write(text)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "close");
  return (await stat(file)).size;
}

async function measure(name: string): Promise<Measured> {
  const rounds: number[] = [];
  let rssMb = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, [side, name, file]);
    rounds.push(performance.now() - startedAt);
    rssMb = Math.max(rssMb, Number(/rss (?<mb>\d+)/u.exec(stdout)?.groups?.["mb"] ?? 0));
  }
  return { rounds, rssMb };
}

try {
  const bytes = await write();
  const floor = await measure("parse");
  const ours = await measure("search");
  const what = `search of an audit log of ${Math.round(bytes / 1_000_000)} MB, beside reading it and JSON.parse of each line`;
  process.stdout.write(`${report({ what, floor, ours })}\n`);
  process.stdout.write(`${Math.round(bytes / 1000 / median(ours.rounds))} MB/s\n`);
} finally {
  await rm(directory, { recursive: true });
}
