/** A value that survives JSON unchanged: what runs store, send and hash. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Writes JSON with sorted keys, so that equal values have equal text (and equal hashes). */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonicalJson).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const record = value as { readonly [key: string]: Json };
    const keys = Object.keys(record).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key] ?? null)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
