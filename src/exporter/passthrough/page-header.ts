import { isUtf8 } from "node:buffer";
import { ASCII, byteAt } from "../ascii.ts";
import type { BytesRange, PageFamily } from "./page-family.ts";

/** Takes bytes of a page, one range after the other. */
export type WriteBytes = (bytes: Buffer, from?: number, to?: number) => void;

const HELP = Buffer.from("# HELP ");
const TYPE = Buffer.from("# TYPE ");
const SPACE = Buffer.from(" ");
const LINE_FEED = Buffer.from("\n");

const TYPE_ENDS: Readonly<Record<PageFamily["type"], Buffer>> = {
  counter: Buffer.from(" counter\n"),
  gauge: Buffer.from(" gauge\n"),
  summary: Buffer.from(" summary\n"),
  histogram: Buffer.from(" histogram\n"),
  untyped: Buffer.from(" untyped\n"),
};

/** More bytes than a header has besides twice its name and its help. */
const FRAME = 64;

/** Gives more bytes than a family's header can have. */
export function headerLength({ help, nameBytes }: PageFamily, prefix: Buffer): number {
  const name = prefix.length + nameBytes.to - nameBytes.from;
  return FRAME + 2 * name + (help === undefined ? 0 : help.to - help.from);
}

/** Writes a family's HELP and TYPE lines, with a prefix in front of its name; a HELP that a parser would stumble over is left out. */
export function writeHeader(write: WriteBytes, { help, type, nameBytes }: PageFamily, prefix: Buffer): void {
  if (help !== undefined && isHelp(help)) {
    write(HELP);
    write(prefix);
    write(nameBytes.bytes, nameBytes.from, nameBytes.to);
    write(SPACE);
    write(help.bytes, help.from, help.to);
    write(LINE_FEED);
  }
  write(TYPE);
  write(prefix);
  write(nameBytes.bytes, nameBytes.from, nameBytes.to);
  write(TYPE_ENDS[type]);
}

/** In a HELP only the backslash and the line feed are escaped; any other escape makes a parser give up, as does what is no text. */
function isHelp({ bytes, from, to }: BytesRange): boolean {
  let every = 0;
  for (let at = from; at < to; at += 1) {
    const byte = byteAt(bytes, at);
    if (byte === 0) return false;
    every |= byte;
    if (byte !== ASCII.backslash) continue;
    at += 1;
    const escaped = byteAt(bytes, at);
    if (at === to || (escaped !== ASCII.backslash && escaped !== ASCII.lowerN)) return false;
  }
  return every < 0x80 || isUtf8(bytes.subarray(from, to));
}
