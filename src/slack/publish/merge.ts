import type { Content, Wanted } from "../render/content.ts";
import { OURS } from "../render/ours.ts";
import { textSum } from "../render/fit-sum.ts";

/** One post stands for at most so many messages: more are no longer read. */
const MOST = 10;

/** Gives the first messages of a list that go out as one post: news that waited together, within the limits; else the first alone. */
export function batchOf(missing: readonly Wanted[]): readonly Wanted[] {
  const [head, ...rest] = missing;
  if (head === undefined || !isNews(head)) return missing.slice(0, 1);
  const batch = [head];
  for (const next of rest) {
    if (batch.length >= MOST || !isNews(next) || !fits([...batch, next])) break;
    batch.push(next);
  }
  return batch;
}

/** Makes one message of several. */
export function merged(batch: readonly Wanted[]): Content {
  return { text: batch.map(({ text }) => text).join("\n"), blocks: batch.flatMap(({ blocks }) => blocks) };
}

/** Only what is never edited, calls nobody and has nothing beside its text can share a post. */
function isNews({ mode, urgent, broadcast, charts, file }: Wanted): boolean {
  return mode === "once" && urgent !== true && broadcast !== true && charts === undefined && file === undefined;
}

/** Nothing that fits is cut. */
function fits(batch: readonly Wanted[]): boolean {
  const { text, blocks } = merged(batch);
  const bytes = (value: string): number => new TextEncoder().encode(value).length;
  return (
    blocks.length <= OURS.blocks &&
    textSum(blocks) <= OURS.textSum &&
    bytes(JSON.stringify(blocks)) <= OURS.json &&
    bytes(text) <= OURS.fallbackBytes
  );
}
