import { createFamilyFilter } from "../../../src/exporter/passthrough/family-filter.ts";
import type { DropReason } from "../../../src/exporter/passthrough/drop-reason.ts";
import { mergePages } from "../../../src/exporter/passthrough/merge-pages.ts";
import { createNodePage, type NodePageOptions } from "../../../src/exporter/passthrough/node-page.ts";

/** A node's page and what is known of it; the first node is `a`, the second `b` and so on. */
export type MergedNode = Partial<Pick<NodePageOptions, "active" | "unsealed" | "body">> & { readonly page?: string };

/** What a merge gave: the page, and what each node's tally says. */
export type Merged = {
  readonly page: string;
  readonly samples: readonly number[];
  readonly dropped: readonly Partial<Record<DropReason, number>>[];
  readonly failures: readonly (string | undefined)[];
};

type Options = {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly reserved?: readonly string[];
  /** How many bytes a piece has. */
  readonly pieces?: number;
};

/** Merges pages of a cluster `c`; a node is an unsealed standby unless it says otherwise. */
export async function merge(
  nodes: readonly MergedNode[],
  { include = [], exclude = [], reserved = [], pieces = 1000 }: Options = {},
): Promise<Merged> {
  const pages = nodes.map(({ page = "", active = false, unsealed = true, body = inPieces(page, pieces) }, index) =>
    createNodePage({ cluster: "c", node: String.fromCharCode(97 + index), body, active, unsealed }),
  );
  const options = { isShown: createFamilyFilter({ include, exclude }), reserved: new Set(reserved) };
  const merged: Uint8Array[] = [];
  for await (const piece of mergePages(pages, options)) merged.push(piece);
  return {
    page: Buffer.concat(merged).toString(),
    samples: pages.map(({ tally }) => tally.samples),
    dropped: pages.map(({ tally }) =>
      Object.fromEntries(Object.entries(tally.dropped).filter(([, count]) => count > 0)),
    ),
    failures: pages.map(({ reader }) => reader.failure?.reason),
  };
}

/** Gives text in pieces of so many bytes, as a socket does. */
export async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
