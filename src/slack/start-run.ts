import type { RunAnswer, StartRequest } from "../runner/ports.ts";
import type { Bot } from "./bot.ts";
import { code, escape, link } from "./render/mrkdwn.ts";
import { pageOf } from "./render/run-card.ts";

/** What starting a run needs of the bot. */
export type Starter = Pick<Bot, "runs" | "inTurn" | "externalUrl">;

/** What became of a start: the run service's answer, or a sentence (mrkdwn) that names the run which is open already. */
export type Started = RunAnswer | { readonly already: string };

/**
 * Starts a run, but for an alert group only when none of the same runbook is open: whatever people press or submit in the same
 * moment, the second is told of the first one's run.
 */
export async function startRun(bot: Starter, request: StartRequest): Promise<Started> {
  const { alertGroup } = request.origin;
  if (alertGroup === undefined) return await bot.runs.start(request);
  return await bot.inTurn(alertGroup, async () => {
    const already = await openAlready(bot, alertGroup, request.runbook);
    return already === undefined ? await bot.runs.start(request) : { already };
  });
}

/** Gives a sentence (mrkdwn) that names the open run of a runbook for an alert group; undefined when there is none. */
export async function openAlready(bot: Starter, alertGroup: string, runbook: string): Promise<string | undefined> {
  const open = await bot.runs.list({ open: true, limit: 200 });
  const found = open.find(({ run }) => run.origin.alertGroup === alertGroup && run.runbook.id === runbook)?.run;
  if (found === undefined) return undefined;
  const page = link(pageOf(found, bot.externalUrl), "the web page") ?? "the web page";
  return `It is open already: started by ${escape(found.startedBy.name)}, see this thread or ${page}.`;
}

/** What was started, how, and on which cluster. */
export type StartedRun = {
  readonly runId: string;
  readonly cluster: string | undefined;
  readonly how: { readonly dryRun: boolean; readonly drill: boolean };
};

/** Says (mrkdwn) that a run was started, and where its card is. */
export function startedWords({ channelOf }: Pick<Bot, "channelOf">, { runId, cluster, how }: StartedRun): string {
  const what = how.dryRun ? "dry run" : how.drill ? "drill" : "run";
  return `Started ${what} ${code(runId)}: its card is in <#${channelOf(cluster)}>.`;
}
