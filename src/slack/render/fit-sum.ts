import type { Block } from "./content.ts";
import { bytesOf, cut, cutMarkup } from "./cut.ts";
import { isPart, type Part } from "./fit-text.ts";

/** How much blocks may be together: characters of their text, and bytes of their JSON. */
export type Budget = { readonly text: number; readonly json: number };

/** Shortens the largest block until all of them are within a budget; buttons and headings are never touched. */
export function fitSum(blocks: readonly Block[], budget: Budget): Block[] {
  const fitted = blocks.map((block) => ({ block, bytes: sizeOf(block), text: textSum(block) }));
  const tooMuch = (): boolean =>
    sum(fitted, ({ text }) => text) > budget.text || sum(fitted, ({ bytes }) => bytes + 1) + 1 > budget.json;
  while (tooMuch()) {
    const largest = fitted.toSorted((left, right) => right.bytes - left.bytes).find(({ block }) => canShrink(block));
    const block = largest === undefined ? undefined : shrunk(largest.block);
    if (largest === undefined || block === undefined) return fitted.map((held) => held.block).filter(isKept);
    fitted[fitted.indexOf(largest)] = { block, bytes: sizeOf(block), text: textSum(block) };
  }
  return fitted.map(({ block }) => block);
}

/** What a message cannot do without. */
function isKept({ type }: Block): boolean {
  return type === "actions" || type === "header" || type === "input";
}

const TEXTS: ReadonlySet<string> = new Set(["text", "title", "alt_text", "caption"]);

/** Counts the text of a part, however deep. */
export function textSum(value: unknown): number {
  if (Array.isArray(value)) return sum(value, textSum);
  if (!isPart(value)) return 0;
  return sum(Object.entries(value), ([key, item]) =>
    TEXTS.has(key) && typeof item === "string" ? item.length : textSum(item),
  );
}

/** Below this a text is not worth shortening: its list is. */
const SHORT = 80;
/** The lists of which the last items may go. */
const LISTS = ["tasks", "rows", "elements", "fields"] as const;

function canShrink(block: Block): boolean {
  return !isKept(block) && (longest(block) > SHORT || listOf(block as unknown as Part) !== undefined);
}

function listOf(part: Part): (typeof LISTS)[number] | undefined {
  return LISTS.find((key) => Array.isArray(part[key]) && part[key].length > 1);
}

/** Gives half of a block: of its long texts or, when it has none, of its items; undefined when nothing may go. */
function shrunk(block: Block): Block | undefined {
  if (!canShrink(block)) return undefined;
  const part = block as unknown as Part;
  if (longest(part) > SHORT) return halved(part) as Block;
  const list = listOf(part);
  if (list === undefined) return undefined;
  const items = part[list] as readonly unknown[];
  return { ...part, [list]: items.slice(0, Math.ceil(items.length / 2)) } as unknown as Block;
}

function longest(value: unknown): number {
  if (Array.isArray(value)) return Math.max(0, ...value.map(longest));
  if (!isPart(value)) return 0;
  return Math.max(
    0,
    ...Object.entries(value).map(([key, item]) =>
      TEXTS.has(key) && typeof item === "string" ? item.length : longest(item),
    ),
  );
}

function halved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(halved);
  if (!isPart(value)) return value;
  const shorten = value["type"] === "mrkdwn" ? cutMarkup : cut;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (!TEXTS.has(key) || typeof item !== "string") return [key, halved(item)];
      return [key, item.length > SHORT ? shorten(item, Math.ceil(item.length / 2)) : item];
    }),
  );
}

function sizeOf(block: Block): number {
  return bytesOf(JSON.stringify(block));
}

function sum<T>(items: readonly T[], size: (item: T) => number): number {
  return items.reduce((total, item) => total + size(item), 0);
}
