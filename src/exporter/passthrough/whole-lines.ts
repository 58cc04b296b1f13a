import { ASCII } from "../ascii.ts";

/** A line that is longer than this is left out: so much is held of a page at most, besides the piece that just came. */
export const MAX_LINE_BYTES = 64 * 1024;

/**
 * Gives bytes as they come in blocks that end with a line feed. What is behind the last line feed was cut off and is not given. A line of
 * more than 64 KiB is left out and told of.
 */
export async function* wholeLines(body: AsyncIterable<Uint8Array>, tooLong: () => void): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let skipping = false;
  for await (const piece of body) {
    const bytes = joined(rest, piece);
    const from = skipping ? bytes.indexOf(ASCII.lineFeed) + 1 : 0;
    const to = bytes.lastIndexOf(ASCII.lineFeed) + 1;
    skipping &&= to === 0;
    if (to > from) yield bytes.subarray(from, to);
    rest = skipping ? Buffer.alloc(0) : bytes.subarray(to);
    if (rest.length <= MAX_LINE_BYTES) continue;
    tooLong();
    skipping = true;
    rest = Buffer.alloc(0);
  }
}

function joined(rest: Buffer, piece: Uint8Array): Buffer {
  const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  return rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
}
