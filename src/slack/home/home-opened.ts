import type { Bot } from "../bot.ts";

/** Says that a person looks at their Home (`app_home_opened`, tab `home`): the sender draws it, and again while they look. */
export async function homeOpened({ outbox, clock }: Pick<Bot, "outbox" | "clock">, userId: string): Promise<void> {
  await outbox.note(`home:${userId}`, clock.now());
}
