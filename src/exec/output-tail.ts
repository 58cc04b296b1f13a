import { stripVTControlCharacters } from "node:util";
import { redact } from "../lib/redact.ts";

/** OutputTail holds the end of what a process wrote, however much that is. */
export type OutputTail = {
  readonly push: (piece: Buffer) => void;
  /** The last lines, without what looks like a secret and without control characters; `cut`: there was more. */
  readonly text: () => { readonly text: string; readonly cut: boolean };
};

/** More is held than is shown, so that a secret is whole when it is looked for. */
const HELD_BYTES = 64 * 1024;
const SHOWN_CHARS = 8 * 1024;

/** Creates the tail of a process' output. */
export function createOutputTail(): OutputTail {
  let pieces: Buffer[] = [];
  let bytes = 0;
  let lost = false;
  return {
    push: (piece) => {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes <= 2 * HELD_BYTES) return;
      pieces = [Buffer.concat(pieces).subarray(-HELD_BYTES)];
      bytes = HELD_BYTES;
      lost = true;
    },
    text: () => {
      const held = Buffer.concat(pieces).toString("utf8");
      // What is left of the first line may begin in the middle of a secret, which nobody would know for one.
      const whole = lost ? withoutFirstLine(held) : held;
      const clean = redact(plain(whole));
      if (clean.length <= SHOWN_CHARS) return { text: clean, cut: lost };
      return { text: withoutFirstLine(clean.slice(-SHOWN_CHARS)), cut: true };
    },
  };
}

/** What steers a terminal becomes a blank, and not nothing: glued to a letter a secret would not be known for one. */
function plain(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\u001B", " \u001B"))
    .replaceAll(/\r\n?/gu, "\n")
    .replaceAll(/[^\P{C}\n\t]/gu, " ");
}

/** Nothing of a text that is one line: it is not known where it began. */
function withoutFirstLine(text: string): string {
  const at = text.indexOf("\n");
  return at === -1 ? "" : text.slice(at + 1);
}
