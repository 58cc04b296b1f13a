import type { Scalar } from "yaml";

/** Finds where in the file a character of a scalar's text stands, both 0-based; undefined when escapes or folding hide it. */
export function offsetInSource(scalar: Scalar, text: string, offset: number): number | undefined {
  const start = scalar.range?.[0];
  if (start === undefined || typeof scalar.value !== "string") return undefined;
  if (scalar.type === "BLOCK_LITERAL") return offsetInBlock(scalar.value, text, start, offset);
  const opening = scalar.type === "QUOTE_SINGLE" || scalar.type === "QUOTE_DOUBLE" ? 1 : 0;
  const from = start + opening;
  return text.startsWith(scalar.value, from) ? from + offset : undefined;
}

function offsetInBlock(value: string, text: string, start: number, offset: number): number | undefined {
  const before = value.slice(0, offset).split("\n");
  let lineStart = start;
  for (let line = 0; line < before.length; line++) {
    const newline = text.indexOf("\n", lineStart);
    if (newline === -1) return undefined;
    lineStart = newline + 1;
  }
  const wanted = value.split("\n")[before.length - 1] ?? "";
  const end = text.indexOf("\n", lineStart);
  const line = text.slice(lineStart, end === -1 ? text.length : end);
  const indent = line.indexOf(wanted);
  return indent === -1 || line.slice(0, indent).trim() !== ""
    ? undefined
    : lineStart + indent + (before.at(-1)?.length ?? 0);
}
