import { z } from "zod";
import type { VaultNode } from "../vault/cluster.ts";
import type { ActionContext } from "./action.ts";
import { readClockAhead } from "./clock-ahead.ts";
import { readLeaderWords } from "./leader-word.ts";

/** Whoever calls itself active since the latest moment, and that moment. */
export type LatestLeader = {
  readonly leader: VaultNode;
  /** Unix milliseconds by our own clock, give or take a second; undefined when the node does not say. */
  readonly sinceMs: number | undefined;
};

const Time = z.coerce.date().transform((time) => time.getTime());

/**
 * Asks `sys/leader` on every node (no token), and the latest of those that call themselves active for its time (`sys/health`), by which its
 * clock is compared with ours. Undefined when nobody calls itself active.
 */
export async function readLatestLeader(context: ActionContext): Promise<LatestLeader | undefined> {
  const words = await readLeaderWords(context);
  const claims = words.flatMap(({ node, said }) =>
    said?.isSelf === true ? [{ node, activeMs: Time.safeParse(said.activeTime).data }] : [],
  );
  const [latest] = claims.sort((left, right) => (right.activeMs ?? 0) - (left.activeMs ?? 0));
  if (latest === undefined) return undefined;
  const { node, activeMs } = latest;
  if (activeMs === undefined) return { leader: node, sinceMs: undefined };
  return { leader: node, sinceMs: activeMs - (await readClockAhead(context, node)) };
}
