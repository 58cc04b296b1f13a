import type { Bot } from "../bot.ts";
import type { Content } from "../render/content.ts";
import { toFailure } from "../../lib/failure.ts";
import { redact } from "../../lib/redact.ts";

/** What listening needs besides the bot. */
export type Listening = {
  readonly bot: Bot;
  /** Keeps work that goes on after its ack, so that `stop` can wait for it. */
  readonly track: (work: Promise<void>) => void;
  /** How long a submission may be worked on before it is acked; Slack gives up after 3,000 ms. */
  readonly ackBudgetMs: number;
};

/** Ack takes an interaction off Slack's clock; the socket may be gone, and then the work goes on all the same. */
export async function ackFirst({ bot }: Listening, ack: () => Promise<void>): Promise<void> {
  try {
    await ack();
  } catch (error) {
    bot.logger.warn("cannot acknowledge a slack interaction; slack shows an error, the work goes on", {
      error: redact(toFailure(error).message),
    });
  }
}

/** What people read when something failed that nobody foresaw. */
export const FAILED =
  "Something failed here, and it is in sealwatch's log. Look at the run before you try again, or use the web page or the command line.";

/** What people read when they press something that this version does not know. */
export const OUT_OF_DATE =
  "This comes from another version of sealwatch and means nothing any more; `/vault runs` shows what is open.";

/** Does work for a person and gives its answer; when it throws, logs that and gives a sentence that says so. */
export async function answered<T>(
  { bot }: Listening,
  what: string,
  work: () => Promise<T>,
  failed: (text: string) => T,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    bot.logger.error("cannot answer a slack interaction", { what, error: redact(toFailure(error).message) });
    return failed(FAILED);
  }
}

/** Tells a person something; tries the ways one after another and logs when none works. */
export async function tell(
  { bot }: Listening,
  content: Content,
  ways: readonly ((content: Content) => Promise<void>)[],
): Promise<void> {
  for (const way of ways) {
    try {
      return await way(content);
    } catch (error) {
      bot.logger.warn("cannot show an answer in slack", { error: redact(toFailure(error).message) });
    }
  }
}
