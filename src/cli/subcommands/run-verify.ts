import { readFile } from "node:fs/promises";
import { toFailure } from "../../lib/failure.ts";
import { digest } from "../../run-export/report.ts";
import { verifyExport } from "../../run-export/verify-export.ts";
import { chainHash } from "../../store/chain.ts";
import { EXIT, type Io } from "../io.ts";
import { noSuchRun, withCore, type RunTerminal } from "../run/start-run.ts";

/** How a timeline is verified; `head` is what somebody noted of it, whole or its beginning. */
export type VerifyOptions = { readonly json: boolean; readonly head: string | undefined };

/** Recomputes the chain of a run's timeline in the store; exit code 1 when an entry does not fit. */
export async function verifyRun(
  terminal: { readonly io: Io } & Pick<RunTerminal, "settings" | "env">,
  runId: string,
  { json, head: noted }: VerifyOptions,
): Promise<number> {
  const { io } = terminal;
  return await withCore(terminal, async (core) => {
    const broken = await core.store.runs.verify(runId);
    const stored = await core.store.runs.read(runId).catch(() => []);
    const last = stored.at(-1);
    if (last === undefined && broken === undefined) return await noSuchRun(io, core, runId);
    const why = broken === undefined ? strayHead(noted, stored) : brokenText(broken);
    const head = digest(last?.hash ?? "");
    if (json) io.out(JSON.stringify({ runId, ok: why === undefined, entries: stored.length, head, why }, undefined, 2));
    else if (why !== undefined) io.err(`${runId}: ${why}`);
    else for (const line of wholeLines(runId, { entries: stored.length, head, noted })) io.out(line);
    return why === undefined ? EXIT.fine : EXIT.failed;
  });
}

/** Verifies an exported run without any store; exit code 1 when it was changed. */
export async function verifyFile(io: Io, file: string, { json, head: noted }: VerifyOptions): Promise<number> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    io.err(`sealwatch: cannot read ${file}: ${toFailure(error).message}`);
    return EXIT.badInput;
  }
  const verdict = verifyExport(text, chainHash);
  const stray = verdict.ok && !sameHead(verdict.head, noted) ? otherHead(noted ?? "") : undefined;
  const why = verdict.ok ? stray : verdict.why;
  if (json)
    io.out(JSON.stringify({ ...verdict, ok: why === undefined, ...(why !== undefined && { why }) }, undefined, 2));
  else if (!verdict.ok || why !== undefined) io.err(`${file}: ${why ?? ""}`);
  else for (const line of fileLines(verdict, noted)) io.out(line);
  return why === undefined ? EXIT.fine : EXIT.failed;
}

type Whole = { readonly entries: number; readonly head: string; readonly noted: string | undefined };

function wholeLines(runId: string, { entries, head, noted }: Whole): readonly string[] {
  return [
    `${runId}: ${entries} entries, chain whole, head ${head}`,
    "  checked: every entry hashes onto the one before it, none is missing or out of order, and the last is the head that the store keeps",
    compareLine(noted),
  ];
}

function fileLines(
  { runId, entries, head, redacted }: Extract<ReturnType<typeof verifyExport>, { ok: true }>,
  noted: string | undefined,
): readonly string[] {
  const list = redacted.join(", ");
  return [
    `${runId}: ${entries} entries, chain whole, head ${head}`,
    ...(redacted.length === 0
      ? [
          "  checked: every entry's text hashes onto the one before it, the last is the head, and the report follows from the entries",
        ]
      : [
          `  NOT checked: entry ${list}, out of which what looked like a secret was taken, and so the report; every other entry hashes onto the one before it`,
        ]),
    compareLine(noted),
  ];
}

/** Who rewrites the entries and every hash leaves a chain that fits: only a head from elsewhere tells. */
function compareLine(noted: string | undefined): string {
  return noted === undefined
    ? "  compare the head with the one at the end of the run's Slack thread and on its page: who rewrote everything here cannot change those (--head compares one that you noted)"
    : "  the head that you noted is in it";
}

/** A head that was noted while the run was open is that of an earlier entry. */
function strayHead(noted: string | undefined, stored: readonly { readonly hash: string }[]): string | undefined {
  if (noted === undefined || stored.some(({ hash }) => sameHead(digest(hash), noted))) return undefined;
  return otherHead(noted);
}

const SHORTEST_HEAD = 12;

function sameHead(head: string, noted: string | undefined): boolean {
  if (noted === undefined) return true;
  const hex = noted.toLowerCase().replace(/^sha256:/u, "");
  return hex.length >= SHORTEST_HEAD && head.startsWith(digest(hex));
}

function otherHead(noted: string): string {
  return noted.replace(/^sha256:/u, "").length < SHORTEST_HEAD
    ? `at least ${SHORTEST_HEAD} characters of the noted head are wanted`
    : "the head that you noted is none of this timeline's: it was rewritten, or is another run's";
}

function brokenText(entry: number): string {
  return `entry ${entry} does not fit the chain: the timeline was changed after it was written`;
}
