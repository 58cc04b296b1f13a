import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { packageRoot } from "../../src/app/package-files.ts";

const FOLDER = join(packageRoot, "test", "fixtures", "exposition");

/** Values that are another at every scrape; what they must be is tested where they are made. */
const MOVING =
  /_(?:seconds|bytes|index_lag|encryptions|term|requests)$|^sealwatch_(?:leases|tokens|lease_walk_\w+|cluster_leader_changes_total)$/u;

/** Series that come by Vault's ten-minute gauges or by the clock of a walk, and not by the state of the cluster. */
const BY_THE_CLOCK = /^sealwatch_(?:build_info|tokens|leases_expiring|lease_walk_)|lease-walk/u;

/** Series of runbooks and their runs, which grow with every runbook and have a test of their own (test/exporter/runs). */
const OF_RUNS = /^sealwatch_(?:runs|run|runbook)_/u;

/** What a page says of a cluster in one state, comparable: names of nodes by their part, values that move and series that match left out. */
export function comparable(page: string, parts: Readonly<Record<string, string>>, except?: RegExp): string {
  const lines = page.split("\n").filter((line) => line.startsWith("sealwatch_"));
  const kept = lines.filter((line) => !BY_THE_CLOCK.test(line) && !OF_RUNS.test(line) && except?.test(line) !== true);
  return `${kept
    .map((line) => withParts(withoutMovingValue(line), parts))
    .toSorted()
    .join("\n")}\n`;
}

/** Waits until a page has stayed the same for 15 s: autopilot notices a dead server only after ten. */
export async function settled(look: () => Promise<string>): Promise<string> {
  let page = await look();
  let since = Date.now();
  return await waitFor(
    "a page that stays the same",
    async () => {
      const seen = await look();
      if (seen !== page) since = Date.now();
      page = seen;
      return Date.now() - since > 15_000 ? page : undefined;
    },
    { timeoutMs: 90_000, everyMs: 250 },
  );
}

/** Whether golden pages are to be written from what is seen, for people to read in the difference before they commit it. */
export const isUpdating = process.env["UPDATE_GOLDEN"] === "1";

/** Gives the golden page of a state. */
export async function readGolden(state: string): Promise<string> {
  return await readFile(fileOf(state), "utf8");
}

/** Writes the golden page of a state. */
export async function writeGolden(state: string, page: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(fileOf(state), page);
}

function fileOf(state: string): string {
  return join(FOLDER, `${state}.txt`);
}

function withoutMovingValue(line: string): string {
  const [, series = line, name = ""] = /^((sealwatch_[a-z_]+)(?:\{.*\})?) \S+$/u.exec(line) ?? [];
  return MOVING.test(name) ? `${series} ~` : line;
}

function withParts(line: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((text, [node, part]) => text.replaceAll(`"${node}"`, `"${part}"`), line);
}
