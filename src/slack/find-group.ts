import type { AlertGroup } from "../runner/ports.ts";
import type { Bot } from "./bot.ts";
import { alertId } from "./sha256.ts";

/** Finds an alert group by the short id that buttons carry. */
export async function findGroup(bot: Pick<Bot, "alerts">, id: string): Promise<AlertGroup | undefined> {
  for (const group of await bot.alerts.list()) if ((await alertId(group.key)) === id) return group;
  return undefined;
}
