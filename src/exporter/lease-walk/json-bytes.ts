/** The bytes that give JSON its form; none of them is ever part of another character in UTF-8. */
export const BYTE = {
  quote: 0x22,
  comma: 0x2c,
  slash: 0x2f,
  colon: 0x3a,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

/** NotJson says that bytes are not what they should be; it quotes none of them, for they may be lease ids. */
export class NotJson extends Error {
  constructor() {
    super("not the expected JSON");
    this.name = "NotJson";
  }
}

/** Finds the quote that ends the string whose text begins here; -1 when it has not come yet. */
export function closingQuote(bytes: Buffer, from: number): number {
  let quote = bytes.indexOf(BYTE.quote, from);
  while (quote !== -1 && isEscaped(bytes, from, quote)) quote = bytes.indexOf(BYTE.quote, quote + 1);
  return quote;
}

function isEscaped(bytes: Buffer, from: number, quote: number): boolean {
  let before = quote;
  while (before > from && bytes[before - 1] === BYTE.backslash) before--;
  return (quote - before) % 2 === 1;
}

/** Reads the string between two quotes; throws `NotJson` for escapes and control characters that JSON does not have. */
export function readString(bytes: Buffer, opening: number, closing: number): string {
  const text: unknown = parseJson(bytes.toString("utf8", opening, closing + 1));
  if (typeof text !== "string") throw new NotJson();
  return text;
}

/** Parses JSON; throws `NotJson` instead of an error that quotes it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotJson();
  }
}

/** Tells whether a byte may stand between the parts of JSON. */
export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
