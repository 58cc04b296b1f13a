import type { Place } from "../outgoing.ts";
import type { Content, Wanted } from "../render/content.ts";
import { minimal } from "./minimal.ts";
import { refusalOf } from "./refusals.ts";
import { LostLockError } from "./sender-errors.ts";
import type { Sender } from "./sender.ts";

/** What is to be sent where, and how. */
export type Sending<T> = {
  readonly wanted: Content | Wanted;
  readonly place: Place;
  readonly send: (content: Content) => Promise<T>;
};

/** What the call gave, and after how many milliseconds the message could have more pictures, if it ever could. */
export type SentForm<T> = { readonly answer: T; readonly againMs: number | undefined };

/** Sends a message in the richest form that Slack takes: with pictures, as it is, as a sentence with its buttons, as a sentence. */
export async function sendFitting<T>(sender: Sender, { wanted, place, send }: Sending<T>): Promise<SentForm<T>> {
  const pictured = hasMore(wanted) ? await sender.attachments?.resolve(wanted, place) : undefined;
  let againMs = pictured?.againMs;
  const forms = [...(pictured === undefined ? [] : [pictured]), wanted, minimal(wanted), sentence(wanted)];
  for (const form of forms) {
    if (!sender.isOurs()) throw new LostLockError();
    try {
      return { answer: await send(form), againMs };
    } catch (error) {
      if (refusalOf(error) !== "too-much" || form === forms.at(-1)) throw error;
      sender.logger.warn("slack finds a message too much; sending a simpler form", { text: wanted.text.slice(0, 80) });
      if (form === pictured) againMs = await sender.attachments?.refused(wanted as Wanted, place);
    }
  }
  throw new LostLockError();
}

function hasMore(wanted: Content | Wanted): wanted is Wanted {
  return "key" in wanted && (wanted.charts !== undefined || wanted.file !== undefined);
}

function sentence(content: Content): Content {
  return { text: minimal(content).text, blocks: [] };
}
