import { writeFile } from "node:fs/promises";
import { readExport } from "../../app/read-export.ts";
import { EXIT } from "../io.ts";
import { noSuchRun, withCore, type RunTerminal } from "../run/start-run.ts";

/** The forms of an exported run: for people, and for programs and later proof. */
export const EXPORT_FORMATS = ["markdown", "json"] as const;

/** How a run is exported. Without a file it is printed. */
export type ExportOptions = { readonly format: string; readonly output: string | undefined };

/** Writes a run as a post-mortem: what, where, who, when, every step and gate, and every entry's hash. */
export async function writeExport(
  terminal: Pick<RunTerminal, "io" | "settings" | "env">,
  runId: string,
  { format, output }: ExportOptions,
): Promise<number> {
  const { io } = terminal;
  const wanted = EXPORT_FORMATS.find((each) => each === format);
  if (wanted === undefined) {
    io.err(`sealwatch run export: --format takes ${EXPORT_FORMATS.join(" or ")}, not "${format}"`);
    return EXIT.badInput;
  }
  return await withCore(terminal, async (core) => {
    const text = await readExport(core, runId, wanted);
    if (text === undefined) return await noSuchRun(io, core, runId);
    if (output === undefined) {
      io.exact(text);
      return EXIT.fine;
    }
    // Evidence is not written over by a second thought.
    await writeFile(output, text, { flag: "wx", mode: 0o600 });
    io.err(`${runId}: written to ${output}`);
    return EXIT.fine;
  });
}
