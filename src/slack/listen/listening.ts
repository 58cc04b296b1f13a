import { toFailure } from "../../lib/failure.ts";
import { redact } from "../../lib/redact.ts";
import type { Bot } from "../bot.ts";
import type { Identity } from "../outgoing.ts";
import { say, type Content } from "../render/content.ts";
import { within } from "../within.ts";
import { ReplayedError } from "./claim.ts";
import { FOREIGN, NOT_KNOWN_YET, whose } from "./whose.ts";

/** What listening needs besides the bot. */
export type Listening = {
  readonly bot: Bot;
  /** Gives who we are, as soon as that is known. */
  readonly identity: () => Promise<Identity | undefined>;
  /** Keeps work that goes on after its ack, so that `stop` can wait for it. */
  readonly track: (work: Promise<void>) => void;
  /** How long a submission may be worked on before it is acked; Slack gives up after 3,000 ms. */
  readonly ackBudgetMs: number;
  /** After this long without an answer a person is told that it takes longer, in milliseconds: it must be there within 2 s. */
  readonly patienceMs: number;
};

/** What people read when something failed that nobody foresaw. */
export const FAILED =
  "Something failed here, and it is in sealwatch's log. Look at the run before you try again, or use the web page or the command line.";

/** What people read when they press something that this version does not know. */
export const OUT_OF_DATE =
  "This comes from another version of sealwatch and means nothing any more; `/vault runs` shows what is open.";

/** What people read while their answer takes longer. */
export const WORKING = "Still working on it; the answer follows here.";

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

/** Says why nothing is taken from who did this (`body` as Slack delivered it); undefined when they are people of ours. */
export async function strangerRefusal({ bot, identity }: Listening, body: unknown): Promise<string | undefined> {
  const from = whose(body, await identity());
  if (from === "ours") return undefined;
  bot.logger.warn("refused something that is not known to come from our workspace", { from });
  if (from === "unknown") return NOT_KNOWN_YET;
  bot.observer.refused("other_workspace");
  return FOREIGN;
}

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
    if (error instanceof ReplayedError) throw error;
    bot.logger.error("cannot answer a slack interaction", { what, error: redact(toFailure(error).message) });
    return failed(FAILED);
  }
}

/** Way is one way to show something to a person alone. */
export type Way = (content: Content) => Promise<void>;

/** Waits for an answer; when it takes longer than people wait, tells them so once. */
export async function withPatience<T>(listening: Listening, ways: readonly Way[], work: Promise<T>): Promise<T> {
  if (!(await within(listening.patienceMs, work))) await tell(listening, say(WORKING), ways);
  return await work;
}

/** Tells a person something; tries the ways one after another and logs when none works. */
export async function tell({ bot }: Listening, content: Content, ways: readonly Way[]): Promise<void> {
  for (const way of ways) {
    try {
      return await way(content);
    } catch (error) {
      bot.logger.warn("cannot show an answer in slack", { error: redact(toFailure(error).message) });
    }
  }
}
