import { CommandBody } from "../payloads.ts";
import { say, type Content } from "../render/content.ts";
import { answerSlash } from "../slash/index.ts";
import { claim, ReplayedError } from "./claim.ts";
import { answered, strangerRefusal, tell, withPatience, type Listening, type Way } from "./listening.ts";
import { stampForms } from "./stamp-forms.ts";

/** Answers a slash command that was acked already. */
export async function answerCommand(listening: Listening, body: unknown): Promise<void> {
  const { bot } = listening;
  const typed = CommandBody.parse(body);
  const { response_url: responseUrl, user_id: slackId } = typed;
  const ways: readonly Way[] = [
    async (content) => await bot.outgoing.respond(responseUrl, content),
    async (content) => await bot.outgoing.whisper({ channel: bot.channel, threadTs: undefined }, slackId, content),
  ];
  const isNew = claim(bot, [`command:${typed.trigger_id}`]);
  const work = answered<Content | undefined>(
    listening,
    "slash command",
    async () => {
      const refusal = await strangerRefusal(listening, body);
      return refusal === undefined ? await handle(listening, typed, isNew) : say(refusal);
    },
    say,
  );
  try {
    const content = await withPatience(listening, ways, work);
    if (content !== undefined && (await isNew)) await tell(listening, content, ways);
  } catch (error) {
    if (!(error instanceof ReplayedError)) throw error;
  }
}

/** As with a click, a form opens before anything is read. */
async function handle(
  { bot }: Listening,
  { text, user_id: slackId, trigger_id: triggerId }: CommandBody,
  isNew: Promise<boolean>,
): Promise<Content | undefined> {
  const identify = async () => {
    if (!(await isNew)) throw new ReplayedError();
    return await bot.identify(slackId);
  };
  return await answerSlash(stampForms(bot, slackId), text, { identify, slackId, triggerId });
}
