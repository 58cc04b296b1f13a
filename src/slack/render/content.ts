import type { types } from "@slack/bolt";
import type { Chart } from "../../lib/chart.ts";
import type { Timestamp } from "../../lib/clock.ts";

/** A block of Slack's Block Kit. */
export type Block = types.KnownBlock;

/** What a message says: `text` for notifications and old clients, `blocks` for the rest. */
export type Content = { readonly text: string; readonly blocks: readonly Block[] };

/**
 * Wanted is a message as it should stand in Slack. `live` (and `resolved`, of alerts) is edited whenever it differs, `once` is posted and never rewritten,
 * `open` has buttons: it is edited while wanted, and loses its buttons when it is wanted no longer.
 */
export type Wanted = Content & {
  readonly key: string;
  readonly mode: "live" | "resolved" | "once" | "open";
  /** Shown in the channel too, when it is a reply. */
  readonly broadcast?: boolean;
  /** Sent without regard to the pace of progress messages. */
  readonly urgent?: boolean;
  /** Posted in this channel, not in the thread and not where the card is: somebody there is told of it (an escalation). */
  readonly channel?: string;
  /** Pictures below the text; they are left out when they cannot be drawn or uploaded. */
  readonly charts?: readonly Chart[];
  /** What is too long for a message, as a file in the thread. */
  readonly file?: { readonly name: string; readonly text: string };
};

/** Drawn is all messages of a subject, and when they would look otherwise although nothing happened (a countdown, a reminder). */
export type Drawn = { readonly messages: readonly Wanted[]; readonly againAt: Timestamp | undefined };

/** Makes a heading; plain text, so nothing in it is markup. */
export function header(text: string): Block {
  return { type: "header", text: { type: "plain_text", text, emoji: true } };
}

/** Makes a paragraph of mrkdwn. */
export function section(text: string): Block {
  return { type: "section", text: { type: "mrkdwn", text } };
}

/** Makes a small grey line of mrkdwn parts; those that are undefined or empty are left out. */
export function context(...parts: readonly (string | undefined)[]): Block {
  const texts = parts.filter((part): part is string => part !== undefined && part !== "");
  return { type: "context", elements: texts.map((text) => ({ type: "mrkdwn", text })) };
}

/** A button: `value` is opaque, never data. */
export type Button = {
  readonly action: string;
  readonly text: string;
  readonly value: string;
  readonly style?: "primary" | "danger";
  /** What Slack's client asks before it sends the click: it protects from a slip, and proves nothing. */
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
};

/** Makes a row of buttons. */
export function buttons(...row: readonly Button[]): Block {
  return {
    type: "actions",
    elements: row.map(({ action, text, value, style, confirm }) => ({
      type: "button",
      action_id: action,
      text: { type: "plain_text", text, emoji: true },
      value,
      ...(style === undefined ? {} : { style }),
      ...(confirm === undefined ? {} : { confirm: confirmation(confirm, style) }),
    })),
  };
}

function confirmation(
  { title, text, yes }: NonNullable<Button["confirm"]>,
  style: Button["style"],
): types.ConfirmationDialog {
  return {
    title: { type: "plain_text", text: title },
    text: { type: "plain_text", text },
    confirm: { type: "plain_text", text: yes },
    deny: { type: "plain_text", text: "Not now" },
    ...(style === undefined ? {} : { style }),
  };
}

/** Makes content of one paragraph. */
export function say(text: string): Content {
  return { text, blocks: [section(text)] };
}
