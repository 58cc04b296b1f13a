import type { Place } from "../outgoing.ts";
import type { Content, Wanted } from "../render/content.ts";

/** Attached is a message with the pictures that it can have at this moment. */
export type Attached = Content & {
  /** Milliseconds after which it would have more; undefined when nothing is on its way any more. */
  readonly againMs: number | undefined;
};

/**
 * Attachments give messages their pictures and upload their files, each once, whichever replica asks (`file:<hash>` in the message store).
 * The sender calls `resolve` right before it posts or edits a message with charts or a file, sends what it gives, and comes back after
 * `againMs`: also to a message that is otherwise never rewritten. What is compared on the next pass is a digest of the wanted message (text,
 * blocks, charts, file) and whether `againMs` was there. When Slack refuses the result (`invalid_blocks`), it calls `refused`, sends `text`
 * and `blocks` of the wanted message, and comes back in the same way.
 */
export type Attachments = {
  /** Gives the message at once, with the pictures that are ready; the others are begun in the background. Never throws. */
  readonly resolve: (wanted: Wanted, place: Place) => Promise<Attached>;
  /** Hears that Slack refused a message with these pictures: it may need longer to take a file in. Gives when to ask `resolve` again, if at all. */
  readonly refused: (wanted: Wanted, place: Place) => Promise<number | undefined>;
};
