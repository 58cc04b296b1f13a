import { approversOf } from "./approvers-of.ts";
import { createAttachments } from "./attachments/create-attachments.ts";
import type { SlackBotOptions } from "./bot-options.ts";
import type { Bot } from "./bot.ts";
import { offeredRunbooks } from "./buttons/offered-runbooks.ts";
import type { Delay } from "./delay.ts";
import { createHomeKeeper } from "./home/home-keeper.ts";
import { keepHome } from "./home/keep-home.ts";
import { createPublisher, type Publisher } from "./publish/publisher.ts";

const REMIND_AFTER_MS = 5 * 60_000;
const ESCALATE_AFTER_MS = 15 * 60_000;

/** Makes the publisher of a bot, with its pictures and Homes. */
export function openPublisher(options: SlackBotOptions, bot: Bot, delay: Delay): Publisher {
  const { lock, timers, drawChart, askWhom, memberOf, config } = options;
  const { steps = "classic", escalateTo } = config;
  const { remindAfterMs = REMIND_AFTER_MS, escalateAfterMs = ESCALATE_AFTER_MS } = config;
  const homes = createHomeKeeper({ ...bot, ...(askWhom === undefined ? {} : { askWhom }) });
  return createPublisher({
    ...bot,
    lock,
    timers,
    delay,
    steps,
    waits: { remindAfterMs, escalateAfterMs, escalateTo },
    offered: (group) => offeredRunbooks(bot, group),
    approversOf: approversOf(options),
    ...(memberOf === undefined ? {} : { memberOf }),
    keepHome: async (item) => await keepHome(homes, item),
    ...(drawChart === undefined ? {} : { attachments: createAttachments({ ...bot, drawChart }) }),
  });
}
