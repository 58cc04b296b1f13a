import { covers } from "../../access/person.ts";
import type { AlertGroup } from "../../runner/ports.ts";
import type { Runbook } from "../../runbook/schema.ts";
import type { Bot } from "../bot.ts";
import { findGroup } from "../find-group.ts";
import { openForm } from "../modals/open-form.ts";
import { startRunModal, type StartRunForm } from "../modals/start-run.ts";
import { openStartForm } from "../open-start-form.ts";
import { missingInputs, withDefaults, type Inputs } from "../run-inputs.ts";
import { openAlready, startedWords, startRun } from "../start-run.ts";
import { refusalOf, type ButtonHandler, type Click } from "./button.ts";

/** Opens the runbook that answers an alert, with inputs from its labels; asks for those that the labels do not give. */
export const openRunbook: ButtonHandler = async (bot, click) => {
  const offer = await findOffer(bot, click.value);
  if (typeof offer === "string") return offer;
  // A message from before this button had an id of its own, or the runbook changed since.
  if (missingInputs(offer.runbook, offer.inputs).length > 0)
    return await openStartForm(bot, click, formOf(bot, click, offer));
  const outcome = await start(bot, click, offer);
  return typeof outcome === "string" ? outcome : undefined;
};

/** Opens the form of a runbook that answers an alert; it opens before anything is read. */
export const openRunbookForm: ButtonHandler = async (bot, click) =>
  await openForm(bot, { triggerId: click.triggerId, title: "Start a runbook" }, async () => {
    const offer = await findOffer(bot, click.value);
    if (typeof offer === "string") return offer;
    // Slack opens one form for a trigger: of a click that came twice, the delivery that got it is the one that acts.
    const mine: Click = { ...click, identify: async () => await bot.identify(click.slackId) };
    const { role } = await mine.identify();
    if (!covers(role, "responder")) {
      bot.observer.refused("role");
      return `You need the role responder to start a runbook; you have ${role ?? "none"}. \`/vault whoami\` shows who you are here.`;
    }
    if (missingInputs(offer.runbook, offer.inputs).length > 0) return startRunModal(formOf(bot, click, offer));
    const outcome = await start(bot, mine, offer);
    if (typeof outcome === "string") return outcome;
    const cluster = offer.inputs["cluster"];
    return startedWords(bot, { ...outcome, cluster, how: { dryRun: false, drill: false } });
  });

/** A runbook for an alert, with what is known of its inputs. */
type Offer = {
  readonly group: AlertGroup;
  readonly runbook: Runbook;
  readonly digest: string | undefined;
  readonly inputs: Inputs;
};

/** Reads what a button's value names, `alert:<group>` or `alert:<group>:<runbook>`, or says (mrkdwn) why there is nothing to start. */
async function findOffer(bot: Bot, value: string): Promise<Offer | string> {
  const [, groupId = "", other] = value.split(":");
  const group = await findGroup(bot, groupId);
  if (group?.status !== "firing") bot.observer.refused(group === undefined ? "unknown_action" : "stale");
  if (group === undefined) return "This alert is not known any more. `/vault runbook` lists what can be started.";
  if (group.status === "resolved") return "This alert is resolved. `/vault runbook` starts a runbook all the same.";
  const matched = bot.match(group);
  const found = bot.catalog().get(other ?? matched?.runbook ?? "");
  if (found === undefined) return "No runbook answers this alert. `/vault runbook` lists what can be started.";
  const { runbook } = found;
  const running = await openAlready(bot, group.key, runbook.id);
  if (running !== undefined) return running;
  const given = Object.entries(matched?.inputs ?? {}).filter(([name]) => Object.hasOwn(runbook.inputs, name));
  const inputs = withDefaults(runbook, Object.fromEntries(given), bot.clusters);
  return { group, runbook, digest: found.digest, inputs };
}

function formOf({ clusters }: Bot, { value, place }: Click, { runbook, digest, inputs }: Offer): StartRunForm {
  const alertGroup = value.split(":").slice(0, 2).join(":");
  return { runbook, inputs, clusters, place, alertGroup, digest };
}

/** Starts the run; gives a sentence for the person when there is none now, or was one already. */
async function start(
  bot: Bot,
  { identify }: Click,
  { group, runbook, inputs }: Offer,
): Promise<string | { readonly runId: string }> {
  const origin = { surface: "slack", alertGroup: group.key } as const;
  const outcome = await startRun(bot, { runbook: runbook.id, inputs, by: await identify(), origin });
  if ("already" in outcome) return outcome.already;
  return outcome.ok ? { runId: outcome.runId } : (refusalOf(outcome) ?? "");
}
