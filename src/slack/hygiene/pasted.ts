import type { MessageStore } from "../../runner/ports.ts";
import { sha256 } from "../sha256.ts";
import type { PersonMessage } from "./person-message.ts";

/** Where a message with a secret stands and who wrote it; nothing of what it says. */
export type Pasted = { readonly channel: string; readonly ts: string; readonly author: string };

/** Remembers a message that its author may have deleted; gives the opaque value of the button. */
export async function rememberPasted(
  messages: MessageStore,
  { channel, ts, author }: Pick<PersonMessage, "channel" | "ts" | "author">,
): Promise<string> {
  const id = (await sha256(`${channel}:${ts}`)).slice(0, 16);
  await messages.put({ key: keyOf(id), channel, ts, digest: `by:${author}` });
  return id;
}

/** Finds a message by the value of its button; undefined for a value that nobody wrote. */
export async function findPasted(messages: MessageStore, id: string): Promise<Pasted | undefined> {
  const found = await messages.get(keyOf(id));
  if (found?.ts === undefined || !found.digest.startsWith("by:")) return undefined;
  return { channel: found.channel, ts: found.ts, author: found.digest.slice("by:".length) };
}

function keyOf(id: string): string {
  return `pasted:${id}/message`;
}
