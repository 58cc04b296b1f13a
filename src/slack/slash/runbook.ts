import type { Actor } from "../../access/person.ts";
import type { Bot } from "../bot.ts";
import { chosenClusters } from "../modals/start-run.ts";
import { say, type Content } from "../render/content.ts";
import { escape } from "../render/mrkdwn.ts";
import { startedWords } from "../start-run.ts";
import { listRunbooks } from "./list-runbooks.ts";
import { planRunbook, type RunbookPlan } from "./plan-runbook.ts";
import type { Subcommand } from "./subcommand.ts";

/** Lists or searches the runbooks, or starts one: at once when every input is given, else after a form for those that are missing. */
export const runbook: Subcommand = {
  usage: "runbook [id or words] [cluster] [node] [input=value …] [--dry-run] [--drill]",
  summary: "list or search the runbooks, or start one",
  open: false,
  formFor: (bot, words) => {
    const plan = planRunbook(bot, words);
    if (plan.kind !== "form") return undefined;
    const { runbook: found, inputs, how } = plan;
    const place = { channel: bot.channelOf(chosenClusters(found, inputs)[0]), threadTs: undefined };
    const { digest } = bot.catalog().get(found.id) ?? {};
    return { runbook: found, digest, inputs, how, clusters: bot.clusters, place, alertGroup: undefined };
  },
  answer: async (bot, { actor, words }) => {
    const plan = planRunbook(bot, words);
    switch (plan.kind) {
      case "list":
        return await listRunbooks(bot, actor, plan);
      case "refusal":
        return say(plan.text);
      default:
        return await start(bot, actor, plan);
    }
  },
};

type Start = Extract<RunbookPlan, { readonly how: unknown }>;

async function start(bot: Bot, actor: Actor, { runbook: found, inputs, how }: Start): Promise<Content> {
  const answer = await bot.runs.start({
    runbook: found.id,
    inputs,
    by: actor,
    origin: { surface: "slack" },
    ...(how.dryRun && { dryRun: true }),
    ...(how.drill && { drill: true }),
  });
  if (!answer.ok) return say(escape(answer.why));
  return say(startedWords(bot, { runId: answer.runId, cluster: chosenClusters(found, inputs)[0], how }));
}
