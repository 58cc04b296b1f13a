import type { Told } from "../access/evaluate.ts";
import type { SlackAccount, SlackDirectory } from "../access/slack-directory.ts";
import type { Logger } from "../lib/logger.ts";
import { createFreshReads, type Fresh, type FreshReads, type FreshReadsOptions } from "./fresh-reads.ts";

/** FreshSlackDirectory tells what Slack said at most a minute ago, or since when it cannot be asked. Never throws. */
export type FreshSlackDirectory = {
  readonly members: (userGroup: string) => Promise<Told<ReadonlySet<string>>>;
  readonly account: (memberId: string) => Promise<Told<SlackAccount>>;
  /** Reads who is in which user group anew at the next question: Slack says that it changed. */
  readonly forgetMembers: () => void;
};

/** What it is made of. */
export type FreshSlackOptions = Pick<FreshReadsOptions<unknown>, "clock" | "steady"> & {
  readonly directory: SlackDirectory;
  readonly logger: Logger;
};

/** Slack allows about twenty lists a minute: an answer serves for half a minute, and one more half while Slack cannot be asked. */
const TIMES = { refreshMs: 30_000, maxAgeMs: 60_000, pauseMs: 5000 };

/** Puts a cache that fails closed before Slack. */
export function createFreshSlackDirectory({ directory, logger, ...clocks }: FreshSlackOptions): FreshSlackDirectory {
  const cached = <T>(what: string, read: (key: string) => Promise<T>): FreshReads<T> =>
    createFreshReads({
      read,
      ...clocks,
      ...TIMES,
      onFailure: (key, { reason, message }) =>
        logger.warn("cannot read from slack who may do what; what only slack gives is not given", {
          what,
          key,
          reason,
          why: message,
        }),
    });
  const cachedMembers = (): FreshReads<ReadonlySet<string>> =>
    cached("user group", async (userGroup) => new Set(await directory.members(userGroup)));
  // A new one, and not an emptied one: what was asked for before the change must not come back into it.
  let members = cachedMembers();
  const account = cached("account", directory.account);
  return {
    members: async (userGroup) => toldOf(await members(userGroup)),
    account: async (memberId) => toldOf(await account(memberId)),
    forgetMembers: () => void (members = cachedMembers()),
  };
}

function toldOf<T>(fresh: Fresh<T>): Told<T> {
  if (fresh.told) return fresh;
  const since = new Date(fresh.since).toISOString().replace("T", " ").slice(0, 19);
  return { told: false, why: `could not be read from Slack since ${since} UTC (${fresh.failure.reason})` };
}
