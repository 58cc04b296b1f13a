/** A value that survives JSON unchanged: what runs store, send and hash. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Writes JSON with sorted keys, so that equal values have equal text (and equal hashes). A key whose value is undefined is left out,
 * as `JSON.stringify` does: what is read back is then what was written, and never null where there was nothing.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonicalJson).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value as { readonly [key: string]: Json | undefined }).flatMap(([key, held]) =>
      held === undefined ? [] : [[key, held] as const],
    );
    const sorted = entries.sort(([left], [right]) => (left < right ? -1 : 1));
    return `{${sorted.map(([key, held]) => `${JSON.stringify(key)}:${canonicalJson(held)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
