import { textAt, type Part } from "../part.ts";

/** A part of a list, and the fields by which a caller gets the next. */
export type Page<T> = { readonly items: readonly T[]; readonly cursor: Part; readonly more: boolean };

/** Cuts the page out of a list that a call asks for with `limit` and `cursor`. */
export function pageOf<T>(list: readonly T[], args: Part): Page<T> {
  const limit = Math.min(Number(textAt(args, "limit") ?? 100), 999);
  const start = Number(textAt(args, "cursor") ?? 0);
  const more = start + limit < list.length;
  const cursor = { response_metadata: { next_cursor: more ? String(start + limit) : "" } };
  return { items: list.slice(start, start + limit), cursor, more };
}
