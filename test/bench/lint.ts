/*
 * Lints 200 runbooks in one call of the program, start included, beside the floor: a process that reads the same files and parses their YAML,
 * which is the least that anybody could do to judge them. A third of the runbooks include another.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { median, report, type Measured } from "./report.ts";

const COUNT = 200;
const ROUNDS = 7;
const TARGET_MS = 2000;
const BUILTIN = ["lost-peer", "sealed-node", "stale-backup"];
const root = fileURLToPath(new URL("../../", import.meta.url));
const directory = await mkdtemp(join(tmpdir(), "sealwatch-bench-"));

async function writeRunbooks(): Promise<number> {
  let bytes = 0;
  for (let index = 0; index < COUNT; index++) {
    const source = BUILTIN[index % BUILTIN.length] ?? "";
    const text = (await readFile(join(root, "runbooks", `${source}.yaml`), "utf8"))
      .replace(`id: ${source}`, `id: ${source}-${index}`)
      .replace("steps:\n", index % 3 === 2 ? `steps:\n${includeOf(index - 1)}` : "steps:\n");
    bytes += text.length;
    await writeFile(join(directory, `${source}-${index}.yaml`), text);
  }
  return bytes;
}

function includeOf(index: number): string {
  return `  - { id: first, include: sealed-node-${index}, with: { node: vault-0 } }\n`;
}

async function measure(args: readonly string[]): Promise<Measured> {
  const rounds: number[] = [];
  let rssMb = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, [...args, directory]);
    rounds.push(performance.now() - startedAt);
    rssMb = Math.max(rssMb, Number(/rss (?<mb>\d+)/u.exec(stdout)?.groups?.["mb"] ?? 0));
  }
  return { rounds, rssMb };
}

try {
  const bytes = await writeRunbooks();
  const side = fileURLToPath(new URL("lint-side.ts", import.meta.url));
  const floor = await measure([side, "parse"]);
  const ours = await measure([side, "lint"]);
  const program = await measure([join(root, "src", "main.ts"), "runbook", "lint"]);
  const what = `lint of ${COUNT} runbooks, ${Math.round(bytes / 1000)} kB, beside parsing their YAML`;
  process.stdout.write(`${report({ what, floor, ours })}\n`);
  const [middle, best] = [median(program.rounds), Math.min(...program.rounds)].map(Math.round);
  const met = Number(middle) <= TARGET_MS ? "met" : "MISSED";
  process.stdout.write(
    `the program as it is called: ${middle} ms, ${best} ms at best (target <= ${TARGET_MS} ms: ${met})\n`,
  );
} finally {
  await rm(directory, { recursive: true });
}
