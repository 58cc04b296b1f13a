import type { Actor } from "../../access/person.ts";
import type { RunAnswer } from "../../runner/ports.ts";
import type { Bot } from "../bot.ts";
import type { Place } from "../outgoing.ts";
import type { OpenForm } from "../payloads.ts";
import { escape } from "../render/mrkdwn.ts";

/** A pressed button: who, what it is about, and where the person sees it. */
export type Click = {
  /** Finds out who pressed it and what they may do now. It may ask Slack, so a form is opened before. */
  readonly identify: () => Promise<Actor>;
  readonly slackId: string;
  /** What stands in the button, or what was chosen. */
  readonly value: string;
  /** The form in which it was pressed or chosen. */
  readonly form?: OpenForm;
  readonly triggerId: string;
  /** The thread in which the person acts. */
  readonly place: Place;
};

/** Handler does what a button asks and gives a sentence (mrkdwn) for the person alone, or undefined when the change itself is the answer. */
export type ButtonHandler = (bot: Bot, click: Click) => Promise<string | undefined>;

/** Gives what a person reads after they asked something of a run: nothing when it happened, else why not. */
export function refusalOf(answer: RunAnswer): string | undefined {
  return answer.ok ? undefined : escape(answer.why);
}
