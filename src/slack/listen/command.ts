import { CommandBody } from "../payloads.ts";
import { say, type Content } from "../render/content.ts";
import { answerSlash } from "../slash/index.ts";
import { answered, tell, type Listening } from "./listening.ts";

/** Answers a slash command that was acked already. */
export async function answerCommand(listening: Listening, body: unknown): Promise<void> {
  const { bot } = listening;
  const { text, user_id: slackId, trigger_id: triggerId, response_url: responseUrl } = CommandBody.parse(body);
  const content = await answered<Content | undefined>(
    listening,
    "slash command",
    async () => await answerSlash(bot, text, { actor: await bot.identify(slackId), triggerId }),
    say,
  );
  if (content === undefined) return;
  await tell(listening, content, [
    async (answer) => await bot.outgoing.respond(responseUrl, answer),
    async (answer) => await bot.outgoing.whisper({ channel: bot.channel, threadTs: undefined }, slackId, answer),
  ]);
}
