import { z } from "zod";
import { homeOpened } from "../home/home-opened.ts";
import { pastedSecretIn, readMessage } from "../hygiene/read-message.ts";
import { claim } from "./claim.ts";
import type { Listening } from "./listening.ts";
import { whose } from "./whose.ts";

/** An event of the Events API, as far as we read it. */
const EventBody = z.object({
  event_id: z.string(),
  event: z.looseObject({
    type: z.string(),
    user: z.unknown().optional(),
    tab: z.string().optional(),
    channel: z.unknown().optional(),
    ts: z.string().optional(),
    event_ts: z.string().optional(),
  }),
});
type EventBody = z.infer<typeof EventBody>;

/** Does what an event of ours asks for; Slack has its ack already. Events of other workspaces and those taken before do nothing. */
export async function hearEvent(listening: Listening, body: unknown): Promise<void> {
  const heard = EventBody.parse(body);
  const act = actionFor(listening, heard);
  if (act === undefined) return;
  const from = whose(body, await listening.identity());
  if (from === "foreign") listening.bot.observer.refused("other_workspace");
  if (from === "ours" && (await claim(listening.bot, idsOf(heard)))) await act();
}

function actionFor({ bot }: Listening, { event }: EventBody): (() => Promise<void>) | undefined {
  const { type, user, tab = "home" } = event;
  if (type === "app_home_opened" && tab === "home" && typeof user === "string")
    return async () => await homeOpened(bot, user);
  // Every message of every channel that we are in comes here: only one with a secret is worth a row in the store.
  if (type === "message" && pastedSecretIn(bot, event) !== undefined) return async () => await readMessage(bot, event);
  if (type === "subteam_members_changed" || type === "subteam_updated")
    return async () => await Promise.resolve(bot.forgetGroups?.());
  if (type === "app_uninstalled" || type === "tokens_revoked")
    return async () => await Promise.resolve(bot.logger.error("slack took the app away; install it again", { type }));
  return undefined;
}

/** Slack was seen to deliver an event again under another id, so a message has its place and time too. */
function idsOf({ event_id: eventId, event }: EventBody): readonly string[] {
  const { type, channel, ts, event_ts: eventTs = ts } = event;
  const ids = [`event:${eventId}`];
  return type === "message" && typeof channel === "string" && eventTs !== undefined
    ? [...ids, `message:${channel}:${eventTs}`]
    : ids;
}
