import { toFailure } from "../../lib/failure.ts";
import type { Bot } from "../bot.ts";

/** Thrown where somebody would act on something that was taken before. */
export class ReplayedError extends Error {
  constructor() {
    super("this was taken before");
    this.name = "ReplayedError";
  }
}

/**
 * Takes something that Slack delivered, by all of its ids; false, and counted, when any replica took it before. When the store cannot be
 * asked it counts as new: what people do can be repeated without harm, and a click that does nothing cannot be told from a broken bot.
 */
export async function claim(
  { inbox, clock, observer, logger }: Pick<Bot, "inbox" | "clock" | "observer" | "logger">,
  ids: readonly string[],
): Promise<boolean> {
  try {
    for (const id of ids) {
      if (await inbox.first(id, clock.now())) continue;
      observer.refused("replayed");
      logger.info("slack delivered something again; it is done once");
      return false;
    }
  } catch (error) {
    logger.warn("cannot tell whether slack delivered something before; acting on it", {
      why: toFailure(error).message,
    });
  }
  return true;
}
