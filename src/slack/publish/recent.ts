import type { Clock, Timestamp } from "../../lib/clock.ts";
import type { Content } from "../render/content.ts";

/** Recent is what this process last sent under a key, and when; the store knows only a digest. */
export type Recent = {
  readonly note: (key: string, content: Content | undefined) => void;
  readonly content: (key: string) => Content | undefined;
  readonly sentAt: (key: string) => Timestamp | undefined;
  /** Says that a message will have more pictures after so many milliseconds; undefined when it has all. */
  readonly expect: (key: string, againMs: number | undefined) => void;
  /** When a message will have more pictures. */
  readonly expectedAt: (key: string) => Timestamp | undefined;
};

/** More than this is let go of, the oldest first. */
const KEPT = 1000;

/** Makes an empty memory. */
export function createRecent(clock: Clock): Recent {
  const sent = new Map<string, { content: Content | undefined; at: Timestamp; expectedAt?: Timestamp | undefined }>();
  return {
    note: (key, content) => {
      const known = sent.get(key);
      sent.delete(key);
      sent.set(key, { content: content ?? known?.content, at: clock.now() });
      const [oldest] = sent.keys();
      if (sent.size > KEPT && oldest !== undefined) sent.delete(oldest);
    },
    content: (key) => sent.get(key)?.content,
    sentAt: (key) => sent.get(key)?.at,
    expect: (key, againMs) => {
      const known = sent.get(key);
      if (known !== undefined) known.expectedAt = againMs === undefined ? undefined : clock.now() + againMs;
    },
    expectedAt: (key) => sent.get(key)?.expectedAt,
  };
}
