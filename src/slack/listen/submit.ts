import { findSecret } from "../../lib/redact.ts";
import { MODALS } from "../modals/index.ts";
import { ModalMemory, placeOf, type Outcome } from "../modals/modal.ts";
import { SubmitBody } from "../payloads.ts";
import { escape } from "../render/mrkdwn.ts";
import { say } from "../render/content.ts";
import { secretRefusal } from "../secret-refusal.ts";
import { sha256 } from "../sha256.ts";
import { within } from "../within.ts";
import { claim, ReplayedError } from "./claim.ts";
import { answered, ackFirst, OUT_OF_DATE, strangerRefusal, tell, WORKING, type Listening } from "./listening.ts";
import { isFor, stampForms } from "./stamp-forms.ts";

/** Acks a submission: with errors by block id, or with nothing, which closes the modal. */
export type ViewAck = (errors?: Readonly<Record<string, string>>) => Promise<void>;

/** What people read when they submit a form that was not opened for them. */
export const NOT_YOURS =
  "This form was opened for somebody else, or by another version of sealwatch; nothing was done. Open it again yourself.";

/**
 * Answers a submitted modal. Its errors must be in the ack, so the work comes first here; when it takes longer than the budget, the
 * modal closes and the answer follows as a message.
 */
export async function answerSubmission(listening: Listening, body: unknown, ack: ViewAck): Promise<void> {
  const submitted = SubmitBody.parse(body);
  const work = workOn(listening, body, submitted);
  const inTime = await within(listening.ackBudgetMs, work);
  if (!inTime) await ackFirst(listening, ack);
  if (!inTime) await sayOutcome(listening, submitted, { say: WORKING });
  const outcome = await work;
  // Who delivers a form again must not take the first one's errors off the screen: that has its answer by the end of the budget.
  if (outcome === "replayed") return await ackLate(listening, inTime, ack);
  if (inTime && "errors" in outcome) return await ackFirst(listening, async () => await ack(outcome.errors));
  if (inTime) await ackFirst(listening, ack);
  await sayOutcome(listening, submitted, outcome);
}

async function ackLate(listening: Listening, isOwed: boolean, ack: ViewAck): Promise<void> {
  if (!isOwed) return;
  await within(listening.ackBudgetMs, new Promise(() => {}));
  await ackFirst(listening, ack);
}

async function workOn(listening: Listening, body: unknown, submitted: SubmitBody): Promise<Outcome | "replayed"> {
  try {
    return await answered<Outcome>(
      listening,
      submitted.view.callback_id,
      async () => {
        const stranger = await strangerRefusal(listening, body);
        return stranger === undefined ? await handle(listening, submitted) : failureOf(submitted, stranger);
      },
      (failed) => failureOf(submitted, failed),
    );
  } catch (error) {
    if (error instanceof ReplayedError) return "replayed";
    throw error;
  }
}

async function handle({ bot }: Listening, body: SubmitBody): Promise<Outcome> {
  const { user, view } = body;
  const handler = MODALS[view.callback_id];
  if (handler === undefined) {
    bot.observer.refused("unknown_action");
    return { say: OUT_OF_DATE };
  }
  if (!isFor(user.id, view.private_metadata)) {
    bot.observer.refused("refused");
    return failureOf(body, NOT_YOURS);
  }
  const secrets = secretsIn(body);
  if (secrets !== undefined) {
    bot.observer.refused("secret");
    return { errors: secrets };
  }
  if (!(await claim(bot, [await idOf(body)]))) throw new ReplayedError();
  const memory = ModalMemory.parse(JSON.parse(view.private_metadata));
  const actor = await bot.identify(user.id);
  return await handler(stampForms(bot, user.id), { actor, slackId: user.id, body, memory });
}

/** Names what looks like a secret, by the block in which it was typed, before anything else of the form is read. */
function secretsIn({ view }: SubmitBody): Readonly<Record<string, string>> | undefined {
  const found = Object.entries(view.state.values).flatMap(([blockId, elements]) => {
    const kind = findSecret(
      Object.values(elements)
        .map(({ value }) => value ?? "")
        .join("\n"),
    );
    return kind === undefined ? [] : [[blockId, secretRefusal(kind)] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Slack says nothing of it, but sends a trigger here too. Without one, a form that stayed open is another with other values. */
async function idOf({ trigger_id: triggerId, view }: SubmitBody): Promise<string> {
  if (triggerId !== undefined) return `form:${triggerId}`;
  return `form:${view.id}:${view.hash}:${await sha256(JSON.stringify(view.state.values))}`;
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
  const { id: slackId } = body.user;
  const memory = readMemory(body.view.private_metadata);
  const place = memory === undefined ? { channel: bot.channel, threadTs: undefined } : placeOf(memory);
  await tell(listening, say(text), [
    async (content) => await bot.outgoing.whisper(place, slackId, content),
    async (content) => await bot.outgoing.direct(slackId, content),
  ]);
}

function readMemory(text: string): ModalMemory | undefined {
  try {
    return ModalMemory.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
