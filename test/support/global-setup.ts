import { glob, readFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { TOOLS, findBinary, readVersion } from "./binaries.ts";
import type { Tool } from "./binaries.ts";
import { extractKubernetesTools } from "./kubernetes-tools.ts";

const TESTS = fileURLToPath(new URL("../", import.meta.url));
const NEEDS = /describeWith\(\s*\[(?<tools>[^\]]*)\]/gu;

type Row = { readonly tool: Tool; readonly version: string | undefined; readonly leftOut: readonly string[] };

/** Says once, before any test, which real programs are there; with SEALWATCH_REQUIRE=all it fails when one is not. */
// oxlint-disable-next-line import/no-default-export -- Jest takes a global set-up only as a default export.
export default async function globalSetup(): Promise<void> {
  await extractKubernetesTools();
  const suites = await findSuites();
  const rows = await Promise.all((Object.keys(TOOLS) as Tool[]).map((tool) => examine(tool, suites)));
  console.log(`\n${renderTable(rows)}\n`);
  const missing = rows.filter(({ version }) => version === undefined).map(({ tool }) => tool);
  if (process.env["SEALWATCH_REQUIRE"] === "all" && missing.length > 0) throw new Error(describeMissing(missing));
}

/** What to do about missing programs, one a line. */
export function describeMissing(missing: readonly Tool[]): string {
  const lines = missing.map((tool) => `  ${tool}: ${TOOLS[tool].get}`);
  return `cannot run every suite: SEALWATCH_REQUIRE=all and ${missing.length} programs are missing; get them with\n${lines.join("\n")}`;
}

/** The table: program, version or "not found", and the test files whose suites are left out because of it. */
export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map(({ tool, version, leftOut }) => [
    tool,
    version ?? "not found",
    version === undefined && leftOut.length > 0 ? `left out: ${leftOut.join(", ")}` : "",
  ]);
  const width = (column: number): number => Math.max(...cells.map((row) => row[column]?.length ?? 0));
  const [first, second] = [width(0), width(1)];
  return cells.map(([a = "", b = "", c = ""]) => `${a.padEnd(first)}  ${b.padEnd(second)}  ${c}`.trimEnd()).join("\n");
}

async function examine(tool: Tool, suites: ReadonlyMap<string, ReadonlySet<string>>): Promise<Row> {
  const version = findBinary(tool) === undefined ? undefined : await readVersion(tool);
  return { tool, version, leftOut: [...(suites.get(tool) ?? [])].sort() };
}

/** Which test files have suites that need a program, read from their `describeWith([...]` lines. */
async function findSuites(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const suites = new Map<string, Set<string>>();
  for await (const file of glob(`${TESTS}**/*.test.ts`)) {
    for (const { groups } of (await readFile(file, "utf8")).matchAll(NEEDS))
      for (const [, tool = ""] of (groups?.["tools"] ?? "").matchAll(/"(?<tool>[^"]+)"/gu))
        suites.set(tool, (suites.get(tool) ?? new Set()).add(relative(TESTS, file)));
  }
  return suites;
}
