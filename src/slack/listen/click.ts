import { BUTTONS } from "../buttons/index.ts";
import type { Place } from "../outgoing.ts";
import { ClickBody } from "../payloads.ts";
import { say } from "../render/content.ts";
import { answered, OUT_OF_DATE, tell, type Listening } from "./listening.ts";

/** Answers a pressed button that was acked already: the change itself, or a sentence for the person alone. */
export async function answerClick(listening: Listening, body: unknown): Promise<void> {
  const { bot } = listening;
  const clicked = ClickBody.parse(body);
  const place = placeOf(clicked, bot.channel);
  const [action] = clicked.actions;
  const handler = action === undefined ? undefined : BUTTONS[action.action_id];
  const { id: slackId } = clicked.user;
  const text = await answered<string | undefined>(
    listening,
    action?.action_id ?? "click",
    async () => {
      if (action === undefined || handler === undefined) return OUT_OF_DATE;
      return await handler(bot, {
        actor: await bot.identify(slackId),
        slackId,
        value: action.value,
        triggerId: clicked.trigger_id,
        place,
      });
    },
    (failed) => failed,
  );
  if (text === undefined) return;
  const { response_url: responseUrl } = clicked;
  const ways =
    responseUrl === undefined
      ? []
      : [async (content: ReturnType<typeof say>) => await bot.outgoing.respond(responseUrl, content)];
  await tell(listening, say(text), [async (content) => await bot.outgoing.whisper(place, slackId, content), ...ways]);
}

/** The thread of the message with the button, so that the answer appears where the person looks. */
function placeOf({ channel, message }: ClickBody, fallback: string): Place {
  return { channel: channel?.id ?? fallback, threadTs: message?.thread_ts };
}
