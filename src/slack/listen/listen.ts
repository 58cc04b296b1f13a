import type { App } from "@slack/bolt";
import { COMMAND } from "../ids.ts";
import { answerClick } from "./click.ts";
import { answerCommand } from "./command.ts";
import { ackFirst, type Listening } from "./listening.ts";
import { answerSubmission } from "./submit.ts";

/**
 * Registers one listener for each kind of interaction, and so none that matches nothing: whatever a person does is acked, and
 * answered by a change or a sentence.
 */
export function listen(app: App, listening: Listening): void {
  const { track, bot } = listening;
  app.command(COMMAND, async ({ ack, body }) => {
    await ackFirst(listening, async () => await ack());
    track(answerCommand(listening, body));
  });
  app.action(/.*/u, async ({ ack, body }) => {
    await ackFirst(listening, async () => await ack());
    track(answerClick(listening, body));
  });
  app.view(/.*/u, async ({ ack, body }) => {
    const answer = answerSubmission(listening, body, async (errors) => {
      if (errors === undefined) await ack();
      else await ack(bot.outgoing.viewErrors(errors));
    });
    track(answer);
    await answer;
  });
}
