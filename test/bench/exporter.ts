/*
 * Scrapes `/metrics` of five nodes with every collector and all of their own metrics merged, beside bare undici requests for the very same answers,
 * all at once. Nodes, exporter and client are processes of their own; the two sides take turns, so that a busy machine slows both.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Agent } from "undici";

const WARM_UP = 100;
const ROUNDS = 400;
const TARGETS = [
  { part: 0.5, target: 1.3 },
  { part: 0.99, target: 2 },
];

async function start(file: string, argument: string): Promise<{ readonly said: string } & Disposable> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), argument]);
  child.stderr.pipe(process.stderr);
  const said = String((await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()).value);
  return { said, [Symbol.dispose]: () => void child.kill() };
}

const agent = new Agent({ allowH2: false });

async function get(url: string): Promise<number> {
  const { origin, pathname, search } = new URL(url);
  const { body } = await agent.request({
    origin,
    path: pathname + search,
    method: "GET",
    headers: { "x-vault-token": "none" },
  });
  let bytes = 0;
  for await (const piece of body as AsyncIterable<Buffer>) bytes += piece.length;
  return bytes;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function percentile(rounds: readonly number[], part: number): number {
  return rounds.toSorted((one, other) => one - other)[Math.floor(rounds.length * part)] ?? Number.NaN;
}

async function compare(pageBytes: number): Promise<void> {
  using nodes = await start("exporter-server.ts", String(pageBytes));
  using exporter = await start("exporter-side.ts", nodes.said);
  const scrape = async (): Promise<number> => await get(`${exporter.said}/metrics`);
  const page = await scrape();
  const { calls } = await status(exporter.said);
  const bare = async (): Promise<number> => (await Promise.all(calls.map(get))).reduce((sum, bytes) => sum + bytes, 0);
  const answers = await bare();
  const [floor, ours]: [number[], number[]] = [[], []];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const [one, other] = [await timed(bare), await timed(scrape)];
    if (round < 0) continue;
    floor.push(one);
    ours.push(other);
  }
  const { rssMb } = await status(exporter.said);
  const sizes = `${calls.length} calls, ${(answers / 1000).toFixed(0)} kB read, ${(page / 1000).toFixed(0)} kB written`;
  process.stdout.write(
    `/metrics of 5 nodes with pages of ${pageBytes / 1000} kB (${sizes}); exporter ${rssMb.toFixed(0)} MB RSS\n`,
  );
  for (const { part, target } of TARGETS) {
    const [bareMs, oursMs] = [percentile(floor, part), percentile(ours, part)];
    const verdict = oursMs / bareMs <= target ? "met" : "MISSED";
    process.stdout.write(
      `  p${part * 100}: ${(oursMs / bareMs).toFixed(2)} x (target <= ${target}: ${verdict}); floor ${bareMs.toFixed(1)} ms, ours ${oursMs.toFixed(1)} ms\n`,
    );
  }
}

async function status(address: string): Promise<{ readonly calls: readonly string[]; readonly rssMb: number }> {
  const { body } = await agent.request({ origin: address, path: "/calls", method: "GET" });
  return (await body.json()) as { calls: string[]; rssMb: number };
}

await compare(50_000);
await compare(1_000_000);
await agent.close();
