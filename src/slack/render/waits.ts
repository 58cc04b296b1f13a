import type { OpenRun } from "../../engine/run.ts";
import type { Timestamp } from "../../lib/clock.ts";
import { KEYS } from "../ids.ts";
import { context, section, type Drawn, type Wanted } from "./content.ts";
import { line, link, mentions, time } from "./mrkdwn.ts";
import { pageOf } from "./run-card.ts";
import type { RunContext } from "./run-context.ts";

/** A question that waits for people. */
export type Question = {
  /** The key of its message. */
  readonly key: string;
  /** What is asked, as mrkdwn: `Approval needed: Restart vault-2`. */
  readonly asks: string;
  /** Who is called: mentions as mrkdwn; empty when nobody is known. */
  readonly call: string;
  readonly expiresAt?: Timestamp;
};

/** Draws what follows when nobody answers: the question is asked once more, and somebody else is told, once each and only while it waits. */
export function waitMessages(run: OpenRun, questions: readonly Question[], draw: RunContext): Drawn {
  const { now, waits } = draw;
  const messages: Wanted[] = [];
  const later: Timestamp[] = [];
  for (const question of questions) {
    // What is not in Slack yet is reminded of after it is there.
    const posted = waits.postedAt(question.key);
    const due = (afterMs: number, wanted: (since: Timestamp) => Wanted): void => {
      if (posted !== undefined && posted + afterMs <= now) messages.push(wanted(posted));
      else later.push((posted ?? now) + afterMs);
    };
    due(waits.remindAfterMs, (since) => reminder(question, since));
    if (waits.escalateTo !== undefined) {
      const to = waits.escalateTo;
      due(waits.escalateAfterMs, (since) => escalation({ run, question, since, to }, draw));
    }
  }
  return { messages, againAt: later.length === 0 ? undefined : Math.min(...later) };
}

function reminder({ key, asks, call, expiresAt }: Question, since: Timestamp): Wanted {
  const text = `${call} :bell: *Still waiting* since ${time(since, "{time}")}: ${asks}`.trim();
  return {
    key: KEYS.reminder(key),
    mode: "once",
    urgent: true,
    text,
    blocks: [
      section(text),
      context(
        "the buttons are at the question, above in this thread",
        expiresAt === undefined ? undefined : `it expires ${time(expiresAt)}`,
      ),
    ],
  };
}

type Escalation = {
  readonly run: OpenRun;
  readonly question: Question;
  readonly since: Timestamp;
  readonly to: string;
};

/** People and groups are mentioned in the thread; a channel is told with a way back here. */
function escalation({ run, question, since, to }: Escalation, draw: RunContext): Wanted {
  const isChannel = /^[CG]/u.test(to);
  const text =
    `${isChannel ? "" : mentions([to])} :mega: *Nobody answered* since ${time(since, "{time}")}: ${question.asks} on ${line(run.cluster, 100)}`.trim();
  const { linkOf } = draw.waits;
  return {
    key: KEYS.escalation(question.key),
    mode: "once",
    urgent: true,
    ...(isChannel ? { channel: to } : {}),
    text,
    blocks: [
      section(text),
      context(
        link(linkOf?.(question.key), "The question in Slack"),
        link(pageOf(run, draw.externalUrl), "Run on the web"),
        question.expiresAt === undefined ? undefined : `it expires ${time(question.expiresAt)}`,
      ),
    ],
  };
}
