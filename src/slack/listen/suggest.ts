import { answerSuggestion, type Suggestions } from "../suggest/answer-suggestion.ts";
import { answered, strangerRefusal, type Listening } from "./listening.ts";

const NONE: Suggestions = { options: [] };

/** Gives what Slack shows below a field in which somebody types; nothing to strangers, and nothing when it fails. */
export async function suggest(listening: Listening, body: unknown): Promise<Suggestions> {
  return await answered(
    listening,
    "suggestions",
    async () =>
      (await strangerRefusal(listening, body)) === undefined ? await answerSuggestion(listening.bot, body) : NONE,
    () => NONE,
  );
}
