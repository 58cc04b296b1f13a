/*
 * One side of test/bench/lint.ts: `node lint-side.ts SIDE DIRECTORY` calls `sealwatch runbook lint` (`lint`), or only reads the files and parses
 * their YAML (`parse`), and prints the most memory that it needed.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";

const [side, directory = ""] = process.argv.slice(2);

async function parse(): Promise<void> {
  for (const name of (await readdir(directory)).sort())
    parseDocument(await readFile(join(directory, name), "utf8")).toJS();
}

async function lint(): Promise<void> {
  const { runbookLint } = await import("../../src/cli/subcommands/runbook-lint.ts");
  const err: string[] = [];
  const nothing = (): undefined => undefined;
  const io = { out: nothing, exact: nothing, err: (line: string) => void err.push(line), interactive: false };
  const code = await runbookLint({ ...io, ask: async () => undefined }, [directory], "text");
  if (code !== 0) throw new Error(err.slice(0, 3).join("\n"));
}

await (side === "lint" ? lint() : parse());
process.stdout.write(`rss ${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
