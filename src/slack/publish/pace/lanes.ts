import { bucketLane } from "./bucket-lane.ts";
import type { Lane } from "./lane.ts";
import { windowLane } from "./window-lane.ts";

/** Slack takes about one post a second in a channel, with short bursts. */
const POSTS = { perSecond: 1, burst: 5, reserve: 2 } as const;
/**
 * Slack takes fifty edits a minute in a workspace; forty leave room for a replica that takes over. A window somewhat longer than a minute,
 * because calls do not all travel equally fast.
 */
const EDITS = { most: 40, reserve: 4, windowMs: 61_000 } as const;
/** Slack takes a hundred views a minute; modals need some of them. */
const HOMES = { perSecond: 1, burst: 10, reserve: 0 } as const;

/** The lane of edits (`chat.update`). */
export const EDIT_LANE = "edit";
/** The lane of Homes (`views.publish`). */
export const HOME_LANE = "home";

/** Names the lane of posts in a channel (`chat.postMessage`). */
export function postLane(channel: string): string {
  return `post:${channel}`;
}

/** Makes lanes by name, each when it is first asked for. */
export function createLanes(): (name: string) => Lane {
  const lanes = new Map<string, Lane>([
    [EDIT_LANE, windowLane(EDITS)],
    [HOME_LANE, bucketLane(HOMES)],
  ]);
  return (name) => {
    const lane = lanes.get(name) ?? bucketLane(POSTS);
    lanes.set(name, lane);
    return lane;
  };
}
