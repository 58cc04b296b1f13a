import { ASCII } from "../ascii.ts";
import type { PageFamily } from "./page-family.ts";
import { headerLength, writeHeader } from "./page-header.ts";

/** The size of the pieces in which a page is given away. */
const PIECE_BYTES = 64 * 1024;

/** PageWriter collects a page in pieces of about 64 KiB, each of whole lines. */
export class PageWriter {
  #full: Buffer[] = [];
  #piece = Buffer.allocUnsafe(PIECE_BYTES);
  #used = 0;
  /** The family whose header is not written yet. */
  #family: PageFamily | undefined;
  #prefix: Buffer = Buffer.alloc(0);

  /** Begins a family: its header is written in front of its first line, should there be one. */
  begin(family: PageFamily, prefix: Buffer): void {
    this.#family = family;
    this.#prefix = prefix;
  }

  /** Begins a line, or perhaps a family, that has so many bytes at most. */
  beginLine(length: number): void {
    const family = this.#family;
    if (family === undefined) return this.#makeRoom(length);
    this.#makeRoom(length + headerLength(family, this.#prefix));
    this.#family = undefined;
    writeHeader(this.write, family, this.#prefix);
  }

  /** Writes bytes of the line that was begun. */
  readonly write = (bytes: Buffer, from = 0, to = bytes.length): void => {
    const piece = this.#piece;
    let used = this.#used;
    // Lines are short: this is quicker than any call of Buffer's.
    for (let at = from; at < to; at += 1) piece[used++] = bytes[at] ?? ASCII.lineFeed;
    this.#used = used;
  };

  /** Gives the pieces that are full. */
  full(): readonly Buffer[] {
    if (this.#full.length === 0) return [];
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** Gives all that is left. */
  rest(): readonly Buffer[] {
    this.#makeRoom(PIECE_BYTES);
    return this.full();
  }

  #makeRoom(length: number): void {
    if (this.#used + length <= this.#piece.length) return;
    if (this.#used > 0) this.#full.push(this.#piece.subarray(0, this.#used));
    // A piece belongs to whoever it was given to: it may wait in a socket.
    this.#piece = Buffer.allocUnsafe(Math.max(PIECE_BYTES, length));
    this.#used = 0;
  }
}
