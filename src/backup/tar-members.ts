import { NotWhole } from "./not-whole.ts";

/** TarMember is one file of an archive; its content must be read before the next member is asked for. */
export type TarMember = {
  readonly name: string;
  readonly size: number;
  readonly content: () => AsyncGenerator<Uint8Array>;
};

const BLOCK = 512;
const TYPE_FILE = new Set(["0", "\0"]);
/** Longer attributes than a size and two times are nobody's snapshot. */
const MOST_ATTRIBUTES = 64 * 1024;

/**
 * Reads a tar archive as it comes (POSIX and GNU, sizes beyond 8 GiB too): regular files only. Reads it to its very end, and throws `NotWhole`
 * when that comes too early or something else than zeros comes after it.
 */
export async function* tarMembers(archive: AsyncIterable<Uint8Array>): AsyncGenerator<TarMember> {
  const bytes = createByteReader(archive);
  let size: number | undefined;
  for (;;) {
    const header = await bytes.take(BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const { name, type, size: told } = readHeader(header);
    const length = size ?? told;
    const padding = (BLOCK - (length % BLOCK)) % BLOCK;
    if (type === "x") {
      size = sizeIn(await bytes.take(atMost(length, MOST_ATTRIBUTES)));
    } else {
      if (!TYPE_FILE.has(type)) throw new NotWhole(`"${type}" is no type of a member of a snapshot`);
      size = undefined;
      let left = length;
      const content = async function* (): AsyncGenerator<Uint8Array> {
        while (left > 0) {
          const piece = await bytes.some(left);
          left -= piece.length;
          yield piece;
        }
      };
      yield { name, size: length, content };
      if (left > 0) throw new Error(`the member ${name} was not read to its end`);
    }
    await bytes.take(padding);
  }
  for await (const piece of bytes.rest())
    if (piece.some((byte) => byte !== 0)) throw new NotWhole("something is behind its end");
}

type Header = { readonly name: string; readonly type: string; readonly size: number };

/** The sum counts its own eight bytes as spaces. */
function readHeader(header: Uint8Array): Header {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (readNumber(header.subarray(148, 156)) !== sum) throw new NotWhole("a member's head is broken");
  return {
    name: textOf(header.subarray(0, 100)),
    type: String.fromCharCode(header[156] ?? 0),
    size: readNumber(header.subarray(124, 136)),
  };
}

/** Octal digits, or GNU's binary form for what is longer. */
function readNumber(field: Uint8Array): number {
  const [first = 0] = field;
  if (first >= 128) return Number([...field.subarray(1)].reduce((total, byte) => total * 256n + BigInt(byte), 0n));
  const text = textOf(field).trim();
  return /^[0-7]+$/u.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

/** The size in POSIX attributes, `<length> size=<bytes>` in a line of its own. */
function sizeIn(attributes: Uint8Array): number | undefined {
  const found = /^\d+ size=(\d+)$/mu.exec(new TextDecoder().decode(attributes));
  return found === null ? undefined : Number(found[1]);
}

function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
}

function atMost(length: number, most: number): number {
  if (length <= most) return length;
  throw new NotWhole("a member's attributes are too long");
}

function createByteReader(source: AsyncIterable<Uint8Array>) {
  const pieces = source[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array(0);
  const fill = async (): Promise<boolean> => {
    while (held.length === 0) {
      const { done, value } = await pieces.next();
      if (done === true) return false;
      held = value;
    }
    return true;
  };
  const some = async (most: number): Promise<Uint8Array> => {
    if (!(await fill())) throw new NotWhole("it ends too early");
    const piece = held.subarray(0, most);
    held = held.subarray(piece.length);
    return piece;
  };
  return {
    some,
    take: async (length: number): Promise<Uint8Array> => {
      if (!(length >= 0)) throw new NotWhole("a member's size is no number");
      const whole = new Uint8Array(length);
      for (let at = 0; at < length;) {
        const piece = await some(length - at);
        whole.set(piece, at);
        at += piece.length;
      }
      return whole;
    },
    rest: async function* (): AsyncGenerator<Uint8Array> {
      while (await fill()) yield await some(Number.MAX_SAFE_INTEGER);
    },
  };
}
