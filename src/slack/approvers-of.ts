import type { Gate, OpenRun } from "../engine/run.ts";
import type { SlackBotOptions } from "./bot-options.ts";

/** More names than this are noise, and a user group may have thousands. */
const MOST_MENTIONS = 20;

/** Gives the member ids of those who may say yes to a gate and have not yet. */
export function approversOf({
  approvers,
}: Pick<SlackBotOptions, "approvers">): (run: OpenRun, gate: Gate) => Promise<readonly string[]> {
  return async (run, gate) =>
    ((await approvers?.(gate)) ?? [])
      .filter(({ personId: id }) => {
        const drives = id === run.startedBy.id || id === run.assignee.id;
        return !(gate.notTheStarter && drives) && !gate.votes.some((vote) => vote.by.id === id);
      })
      .map(({ slackId }) => slackId)
      .slice(0, MOST_MENTIONS);
}
