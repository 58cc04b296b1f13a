/** The characters that the text format is made of. */
export const ASCII = {
  tab: 9,
  lineFeed: 10,
  carriageReturn: 13,
  space: 32,
  quote: 34,
  hash: 35,
  plus: 43,
  comma: 44,
  minus: 45,
  dot: 46,
  zero: 48,
  nine: 57,
  colon: 58,
  equals: 61,
  backslash: 92,
  lowerE: 101,
  lowerN: 110,
  open: 123,
  close: 125,
} as const;

/** The bit by which a lower-case letter differs from its capital. */
export const LOWER_CASE = 32;

/** Which bytes belong to a word, by byte: 1 or 0. */
export type WordBytes = Uint8Array;

const LETTERS_AND_DIGITS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

/** The bytes of a label's name, of which the first is no digit. */
export const LABEL_NAME = wordBytes(LETTERS_AND_DIGITS);

/** The bytes of a metric's name, of which the first is no digit. */
export const METRIC_NAME = wordBytes(`${LETTERS_AND_DIGITS}:`);

function wordBytes(characters: string): WordBytes {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** Gives a byte; behind the end there are line feeds, so that every scan ends. */
export function byteAt(bytes: Buffer, at: number): number {
  return bytes[at] ?? ASCII.lineFeed;
}

/** Finds the end of a word that begins with no digit; `from` itself when there is none. */
export function wordEnd(bytes: Buffer, from: number, word: WordBytes): number {
  return isDigit(byteAt(bytes, from)) ? from : wordRestEnd(bytes, from, word);
}

/** Finds the end of what may follow in a word. */
export function wordRestEnd(bytes: Buffer, from: number, word: WordBytes): number {
  let at = from;
  while (word[byteAt(bytes, at)] === 1) at += 1;
  return at;
}

/** Finds the end of decimal digits; `from` itself when there are none. */
export function digitsEnd(bytes: Buffer, from: number): number {
  let at = from;
  while (isDigit(byteAt(bytes, at))) at += 1;
  return at;
}

/** Finds the end of spaces and tabs; `from` itself when there are none. */
export function blanksEnd(bytes: Buffer, from: number): number {
  let at = from;
  while (isBlank(byteAt(bytes, at))) at += 1;
  return at;
}

/** Finds the end of what is neither blank nor the end of a line. */
export function tokenEnd(bytes: Buffer, from: number): number {
  let at = from;
  for (let byte = byteAt(bytes, at); byte > ASCII.space; byte = byteAt(bytes, at)) at += 1;
  return at;
}

/** Tells whether so many bytes from an offset on are those at another place. */
export function sameBytes(
  bytes: Buffer,
  from: number,
  other: { readonly bytes: Buffer; readonly from: number },
  length: number,
): boolean {
  for (let index = 0; index < length; index += 1)
    if (bytes[from + index] !== other.bytes[other.from + index]) return false;
  return true;
}

/** Tells whether exactly these bytes are between two offsets. */
export function bytesAre(bytes: Buffer, from: number, to: number, expected: Buffer): boolean {
  return to - from === expected.length && beginsWith(bytes, from, expected);
}

/** Tells whether these bytes are there from an offset on. */
function beginsWith(bytes: Buffer, from: number, expected: Buffer): boolean {
  for (let index = 0; index < expected.length; index += 1) if (bytes[from + index] !== expected[index]) return false;
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= ASCII.zero && byte <= ASCII.nine;
}

function isBlank(byte: number): boolean {
  return byte === ASCII.space || byte === ASCII.tab;
}
