import { BUTTONS } from "../buttons/index.ts";
import type { Place } from "../outgoing.ts";
import { ClickBody } from "../payloads.ts";
import { say } from "../render/content.ts";
import { claim, ReplayedError } from "./claim.ts";
import { answered, OUT_OF_DATE, strangerRefusal, tell, withPatience, type Listening, type Way } from "./listening.ts";
import { stampForms } from "./stamp-forms.ts";

/** Answers a pressed button that was acked already: the change itself, or a sentence for the person alone. */
export async function answerClick(listening: Listening, body: unknown): Promise<void> {
  const { bot } = listening;
  const clicked = ClickBody.parse(body);
  const ways = waysOf(listening, clicked);
  const isNew = claim(bot, [`click:${clicked.trigger_id}`]);
  const work = answered<string | undefined>(
    listening,
    clicked.actions[0]?.action_id ?? "click",
    async () => (await strangerRefusal(listening, body)) ?? (await handle(listening, clicked, isNew)),
    (failed) => failed,
  );
  try {
    const text = await withPatience(listening, ways, work);
    // Whoever delivers a click again is told nothing twice.
    if (text !== undefined && (await isNew)) await tell(listening, say(text), ways);
  } catch (error) {
    if (!(error instanceof ReplayedError)) throw error;
  }
}

/** A form opens before anything is read, even whether the click is new: its trigger serves once. Everything else asks who acts first. */
async function handle({ bot }: Listening, clicked: ClickBody, isNew: Promise<boolean>): Promise<string | undefined> {
  const { user, actions, trigger_id: triggerId, view } = clicked;
  const [action] = actions;
  const handler = action === undefined ? undefined : BUTTONS[action.action_id];
  if (action === undefined || handler === undefined) {
    bot.observer.refused("unknown_action");
    return OUT_OF_DATE;
  }
  return await handler(stampForms(bot, user.id), {
    identify: async () => {
      if (!(await isNew)) throw new ReplayedError();
      return await bot.identify(user.id);
    },
    slackId: user.id,
    value: action.selected_option?.value ?? action.value,
    ...(view === undefined ? {} : { form: view }),
    triggerId,
    place: placeOf(clicked, bot.channel),
  });
}

/** In the thread of the message with the button, so that the answer appears where the person looks; from Home, as a direct message. */
function waysOf({ bot }: Listening, clicked: ClickBody): readonly Way[] {
  const { user, channel, response_url: responseUrl } = clicked;
  const place = placeOf(clicked, bot.channel);
  return [
    ...(channel === undefined
      ? []
      : ([async (content) => await bot.outgoing.whisper(place, user.id, content)] satisfies Way[])),
    ...(responseUrl === undefined
      ? []
      : ([async (content) => await bot.outgoing.respond(responseUrl, content)] satisfies Way[])),
    async (content) => await bot.outgoing.direct(user.id, content),
  ];
}

/** Messages that only one person sees carry no message with them. */
function placeOf({ channel, message, container }: ClickBody, fallback: string): Place {
  return { channel: channel?.id ?? fallback, threadTs: message?.thread_ts ?? container?.thread_ts };
}
