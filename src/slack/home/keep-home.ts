import { canonicalJson, type Json } from "../../lib/json.ts";
import type { OutboxItem } from "../../runner/ports.ts";
import { KEYS } from "../ids.ts";
import { section, type Block } from "../render/content.ts";
import { time } from "../render/mrkdwn.ts";
import { sha256 } from "../sha256.ts";
import { sortSlackError } from "../slack-error.ts";
import { drawHome, drawStranger, footer } from "./draw-home.ts";
import type { HomeKeeper } from "./home-keeper.ts";

/** A person's Home is published at most this often. */
const GAP_MS = 10_000;
/** After somebody opened their Home it is kept true this long. */
const WATCH_MS = 10 * 60_000;

/** Slack's words for "this is too much, or of a wrong form". */
const TOO_MUCH: ReadonlySet<string> = new Set(["view_too_large", "invalid_blocks", "invalid_arguments"]);

/**
 * Makes a person's Home true (`home:<member id>`, changed when they opened it): publishes when they opened it since, or when it would look
 * otherwise. Gives the milliseconds after which to look again, while they watch; so a change of a run need not touch anybody's Home. Throws when
 * nobody knows whether it was published.
 */
export async function keepHome(keeper: HomeKeeper, item: OutboxItem): Promise<number | undefined> {
  const userId = item.subject.slice("home:".length);
  const now = keeper.clock.now();
  const last = await lastShown(keeper, userId);
  const early = last === undefined ? 0 : Math.min(GAP_MS, last.at + GAP_MS - now);
  if (early > 0) return early;
  const blocks = await draw(keeper, userId);
  const digest = await sha256(canonicalJson(blocks as unknown as Json));
  if (last === undefined || last.digest !== digest || item.changedAt > last.at) {
    const againMs = await publish(keeper, userId, [...blocks, footer(time(now))]);
    if (againMs !== undefined) return againMs;
    await keeper.messages.put({ key: KEYS.home(userId), channel: userId, ts: (now / 1000).toFixed(3), digest });
  }
  return now + GAP_MS < item.changedAt + WATCH_MS ? GAP_MS : undefined;
}

async function lastShown({ messages }: HomeKeeper, userId: string) {
  const sent = await messages.get(KEYS.home(userId));
  return sent?.ts === undefined ? undefined : { at: Math.round(Number(sent.ts) * 1000), digest: sent.digest };
}

async function draw(keeper: HomeKeeper, userId: string): Promise<readonly Block[]> {
  const actor = await keeper.identify(userId);
  if (actor.role === undefined) return drawStranger(actor, userId, (await keeper.askWhom?.()) ?? []);
  return drawHome({ ...keeper, actor, state: await keeper.state(), now: keeper.clock.now() });
}

/** Publishes (`views.publish`); gives how long Slack wants to be left alone, if it does. What Slack refuses is not tried again until the next look. */
async function publish(keeper: HomeKeeper, userId: string, blocks: readonly Block[]): Promise<number | undefined> {
  try {
    await keeper.outgoing.publishHome(userId, { type: "home", blocks: [...blocks] });
  } catch (error) {
    const failure = sortSlackError(error);
    if (failure.kind === "rate-limited") return failure.waitMs;
    if (failure.kind === "uncertain") throw error;
    keeper.logger.warn("cannot show a person their home in slack", { error: failure.error });
    if (TOO_MUCH.has(failure.error)) await keeper.outgoing.publishHome(userId, { type: "home", blocks: SIMPLEST });
  }
  return undefined;
}

/** What is shown when Slack takes nothing else. */
const SIMPLEST: Block[] = [
  section(
    "This page cannot be drawn now; it is in sealwatch's log why. `/vault status` and `/vault runs` say the same.",
  ),
];
