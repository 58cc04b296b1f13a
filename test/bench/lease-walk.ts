/*
 * Walks 500 000 leases below 200 prefixes, with the pace lifted, beside bare undici requests for the same lists: once with their answers parsed, the
 * least that gives the counts, and once with answers that nobody looks at. Then the same leases in one list. Then scrapes `/metrics` while the leases
 * are walked at the default pace and while they are not. Run with `node test/bench/lease-walk.ts`.
 * The node is a fake that answers from memory, and each side a process of its own; sides take turns, so that a busy machine slows both.
 */
import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { report, type Measured } from "./report.ts";

const LEASES = 500_000;
const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

async function startNode(prefixes: number) {
  const child = spawn(process.execPath, [fileOf("lease-walk-server.ts"), String(LEASES), String(prefixes)]);
  child.stderr.pipe(process.stderr);
  const port = String((await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()).value);
  return { address: `http://127.0.0.1:${port}`, [Symbol.dispose]: () => void child.kill() };
}

async function measure(side: string, address: string): Promise<Measured> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    fileOf("lease-walk-side.ts"),
    side,
    address,
    String(LEASES),
  ]);
  return JSON.parse(stdout) as Measured;
}

async function compare(floor: string, ours: string, { address, turns }: { address: string; turns: number }) {
  const sides: Record<string, Measured> = {};
  for (let turn = 0; turn < turns; turn++) {
    for (const side of turn % 2 === 0 ? [floor, ours] : [ours, floor]) {
      const { rounds, rssMb } = await measure(side, address);
      const before = sides[side] ?? { rounds: [], rssMb: 0 };
      sides[side] = { rounds: [...before.rounds, ...rounds], rssMb: Math.max(before.rssMb, rssMb) };
    }
  }
  const none = { rounds: [], rssMb: Number.NaN };
  return { floor: sides[floor] ?? none, ours: sides[ours] ?? none };
}

function percentile({ rounds }: Measured, part: number): number {
  return rounds.toSorted((left, right) => left - right)[Math.floor(rounds.length * part)] ?? Number.NaN;
}

const write = (line: string): void => void process.stdout.write(`${line}\n`);

async function walks(prefixes: number, what: string): Promise<void> {
  using node = await startNode(prefixes);
  const turns = { ...node, turns: 4 };
  const parsed = await compare("parsed", "walk", turns);
  write(report({ what: `walk of ${what}, against bare requests with JSON.parse`, target: 1.2, ...parsed }));
  const unread = await compare("unread", "walk", turns);
  write(report({ what: `walk of ${what}, against bare requests that nobody reads`, ...unread }));
  const peakMb = Math.max(parsed.ours.rssMb, unread.ours.rssMb);
  const overRest = peakMb - (await measure("rest", node.address)).rssMb;
  const overUnread = peakMb - unread.floor.rssMb;
  write(
    `RSS of the walk of ${what}: ${overUnread.toFixed(0)} MB over bare requests (target <= 64), ${overRest.toFixed(0)} MB over rest`,
  );
}

async function scrapes(): Promise<void> {
  using node = await startNode(200);
  const { floor, ours } = await compare("idle", "walking", { ...node, turns: 2 });
  for (const { part, target } of [
    { part: 0.5, target: "" },
    { part: 0.99, target: " (target <= 1.3)" },
  ]) {
    const [idle, walking] = [percentile(floor, part), percentile(ours, part)];
    const figures = `idle ${idle.toFixed(1)} ms, walking ${walking.toFixed(1)} ms`;
    write(
      `/metrics p${part * 100} while 5 lists a second are walked: ${(walking / idle).toFixed(2)} x${target}; ${figures}`,
    );
  }
}

await walks(200, `${LEASES} leases below 200 prefixes`);
await walks(1, `${LEASES} leases in one list`);
await scrapes();
