import type { App } from "@slack/bolt";
import { COMMAND } from "../ids.ts";
import { answerClick } from "./click.ts";
import { answerCommand } from "./command.ts";
import { hearEvent } from "./hear-event.ts";
import { ackFirst, type Listening } from "./listening.ts";
import { answerSubmission } from "./submit.ts";
import { suggest } from "./suggest.ts";

/**
 * Registers one listener for each kind of thing that Slack delivers, and so none that matches nothing: whatever a person does is acked, and
 * answered by a change or a sentence.
 */
export function listen(app: App, listening: Listening): void {
  const { track, bot } = listening;
  app.command(COMMAND, async ({ ack, body }) => {
    await ackFirst(listening, async () => await ack());
    track(afterAcks(async () => await answerCommand(listening, body)));
  });
  app.action(/.*/u, async ({ ack, body }) => {
    await ackFirst(listening, async () => await ack());
    track(afterAcks(async () => await answerClick(listening, body)));
  });
  app.view(/.*/u, async ({ ack, body }) => {
    const answer = answerSubmission(listening, body, async (errors) => {
      if (errors === undefined) await ack();
      else await ack(bot.outgoing.viewErrors(errors));
    });
    track(answer);
    await answer;
  });
  app.view({ callback_id: /.*/u, type: "view_closed" }, async ({ ack }) => {
    await ackFirst(listening, async () => await ack());
  });
  app.options(/.*/u, async ({ ack, body }) => {
    const suggestions = await suggest(listening, body);
    await ackFirst(listening, async () => await ack(suggestions));
  });
  app.event(/.*/u, async ({ body }) => {
    track(afterAcks(async () => await hearEvent(listening, body)));
    await Promise.resolve();
  });
}

/** Does work when everything that arrived with it has its ack, too: a store in the same process stops it for the time of each write. */
async function afterAcks(work: () => Promise<void>): Promise<void> {
  await new Promise((resolve) => void setImmediate(resolve));
  await work();
}
