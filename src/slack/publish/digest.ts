import { canonicalJson, type Json } from "../../lib/json.ts";
import type { Content, Wanted } from "../render/content.ts";
import { sha256 } from "../sha256.ts";

/** How a digest begins whose message still lacks a picture or file. */
const PARTIAL = "partial:";
/** How the digest of a question begins that nobody is asked any more. */
const CLOSED = "closed:";

/** Digests what a message should say, pictures included: two messages of one digest need no edit. */
export async function digestOf({ mode, text, blocks, charts, file }: Wanted): Promise<string> {
  const parts = { text, blocks, ...(charts === undefined ? {} : { charts }), ...(file === undefined ? {} : { file }) };
  return `${mode}:${await sha256(canonicalJson(parts as unknown as Json))}`;
}

/** Marks the digest of a message whose pictures are still on their way. */
export function partial(digest: string): string {
  return `${PARTIAL}${digest}`;
}

/** Tells whether pictures of a message are still on their way. */
export function isPartial(digest: string): boolean {
  return digest.startsWith(PARTIAL);
}

/** Digests a question without its buttons. */
export async function closedDigest({ text, blocks }: Content): Promise<string> {
  return `${CLOSED}${await sha256(canonicalJson({ text, blocks } as unknown as Json))}`;
}

/** The digest of a question that is not in Slack any more, or never was. */
export const CLOSED_UNSEEN = `${CLOSED}unseen`;

/** Tells whether a question has lost its buttons for good. */
export function isClosed(digest: string): boolean {
  return digest.startsWith(CLOSED);
}
