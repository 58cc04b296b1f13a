import { MODALS } from "../modals/index.ts";
import { ModalMemory, placeOf, type Outcome } from "../modals/modal.ts";
import { SubmitBody } from "../payloads.ts";
import { escape } from "../render/mrkdwn.ts";
import { say } from "../render/content.ts";
import { within } from "../within.ts";
import { answered, ackFirst, OUT_OF_DATE, tell, type Listening } from "./listening.ts";

/** Acks a submission: with errors by block id, or with nothing, which closes the modal. */
export type ViewAck = (errors?: Readonly<Record<string, string>>) => Promise<void>;

/**
 * Answers a submitted modal. Its errors must be in the ack, so the work comes first here; when it takes longer than the budget, the
 * modal closes and the answer follows as a message.
 */
export async function answerSubmission(listening: Listening, body: unknown, ack: ViewAck): Promise<void> {
  const submitted = SubmitBody.parse(body);
  const work = workOn(listening, submitted);
  const inTime = await within(listening.ackBudgetMs, work);
  if (!inTime) await ackFirst(listening, ack);
  const outcome = await work;
  if (inTime && "errors" in outcome) return await ackFirst(listening, async () => await ack(outcome.errors));
  if (inTime) await ackFirst(listening, ack);
  await sayOutcome(listening, submitted, outcome);
}

async function workOn(listening: Listening, body: SubmitBody): Promise<Outcome> {
  const { bot } = listening;
  const handler = MODALS[body.view.callback_id];
  return await answered<Outcome>(
    listening,
    body.view.callback_id,
    async () => {
      if (handler === undefined) return { say: OUT_OF_DATE };
      const { id: slackId } = body.user;
      const memory = ModalMemory.parse(JSON.parse(body.view.private_metadata));
      return await handler(bot, { actor: await bot.identify(slackId), slackId, body, memory });
    },
    (failed) => failureOf(body, failed),
  );
}

/** Errors show only under inputs. */
function failureOf(body: SubmitBody, text: string): Outcome {
  const input = body.view.blocks.find((block) => block.type === "input")?.block_id;
  return input === undefined ? { say: text } : { errors: { [input]: text } };
}

async function sayOutcome(listening: Listening, body: SubmitBody, outcome: Outcome): Promise<void> {
  const text = "errors" in outcome ? Object.values(outcome.errors).map(escape).join("\n") : outcome.say;
  if (text === undefined) return;
  const { bot } = listening;
  const memory = readMemory(body.view.private_metadata);
  const place = memory === undefined ? { channel: bot.channel, threadTs: undefined } : placeOf(memory);
  await tell(listening, say(text), [async (content) => await bot.outgoing.whisper(place, body.user.id, content)]);
}

function readMemory(text: string): ModalMemory | undefined {
  try {
    return ModalMemory.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
