import type { Bot } from "../bot.ts";
import { readHomeState, type HomeState } from "./home-state.ts";

/** What drawing and publishing Homes needs of the bot. */
export type HomeParts = Pick<
  Bot,
  | "outgoing"
  | "messages"
  | "runs"
  | "insight"
  | "catalog"
  | "clusters"
  | "identify"
  | "externalUrl"
  | "clock"
  | "logger"
> & {
  /** Gives the member ids of people who can give somebody a role, as far as can be told; default: nobody is named. */
  readonly askWhom?: (() => Promise<readonly string[]>) | undefined;
};

/** HomeKeeper keeps people's Homes true; made once for all of them. */
export type HomeKeeper = HomeParts & {
  /** Gives what all Homes are drawn from, read at most once in five seconds for everybody who looks. */
  readonly state: () => Promise<HomeState>;
};

const STATE_MS = 5000;
/** Addresses of messages never change; more gates than this are never open. */
const MOST_LINKS = 500;

/** Makes a keeper of Homes. */
export function createHomeKeeper(parts: HomeParts): HomeKeeper {
  const links = new Map<string, string>();
  const linkOf = async (key: string): Promise<string | undefined> => {
    const known = links.get(key);
    if (known !== undefined) return known;
    const link = await readLink(parts, key);
    if (links.size >= MOST_LINKS) links.clear();
    if (link !== undefined) links.set(key, link);
    return link;
  };
  let held: { readonly at: number; readonly reading: Promise<HomeState> } | undefined;
  return {
    ...parts,
    state: async () => {
      const now = parts.clock.now();
      if (held === undefined || now - held.at >= STATE_MS)
        held = { at: now, reading: readHomeState({ ...parts, linkOf }) };
      const mine = held;
      try {
        return await mine.reading;
      } catch (error) {
        // What failed is asked again by whoever comes next.
        if (held === mine) held = undefined;
        throw error;
      }
    },
  };
}

/** A message that is not there yet, or whose address Slack does not give now, has no link. */
async function readLink({ messages, outgoing, logger }: HomeParts, key: string): Promise<string | undefined> {
  const sent = await messages.get(key);
  if (sent?.ts === undefined) return undefined;
  try {
    return await outgoing.permalink(sent.channel, sent.ts);
  } catch (error) {
    logger.debug("cannot read the address of a message", { key, error: error instanceof Error ? error.name : "" });
    return undefined;
  }
}
