/**
 * The limits that Slack puts on payloads. Sources: docs.slack.dev/reference, the comments of `@slack/types` 3.2.0, and two issue
 * threads for the undocumented sum (bolt-js #2509, #2867). Lengths are in UTF-16 units unless said otherwise.
 */
export const LIMITS = {
  message: {
    blocks: 50,
    /** Longer text is cut, with the warning `message_truncated`. */
    text: 40_000,
    /** `chat.update` refuses more with `msg_too_long`; counted in bytes of UTF-8. */
    updateTextBytes: 4000,
    /** Text of all blocks together; more gives `msg_blocks_too_long`, without a detail. */
    textSum: 12_000,
  },
  view: { blocks: 100, bytes: 250_000, privateMetadata: 3000, callbackId: 255, title: 24, submit: 24, close: 24 },
  section: { text: 3000, fields: 10, field: 2000 },
  header: { text: 150 },
  context: { elements: 10, text: 3000 },
  actions: { elements: 25 },
  input: { label: 2000, hint: 2000 },
  button: { text: 75, value: 2000, url: 3000 },
  select: { options: 100, optionText: 75, optionValue: 75, placeholder: 150 },
  overflow: { options: 5 },
  plainTextInput: { placeholder: 150, maxLength: 3000 },
  confirm: { title: 100, text: 300, button: 30 },
  ids: { actionId: 255, blockId: 255 },
  /** Milliseconds that Slack waits for an ack; then the person sees `dispatch_failed`. */
  ackMs: 3000,
  trigger: { lifetimeMs: 3000 },
  responseUrl: { uses: 5, lifetimeMs: 30 * 60_000 },
  /** Views that lie on each other. */
  modalStack: 3,
} as const;

/** Calls a minute, and how many may come at once. Tiers of docs.slack.dev/apis/web-api/rate-limits. */
export type Rate = { readonly perMinute: number; readonly burst: number };

const TIER_2: Rate = { perMinute: 20, burst: 20 };
const TIER_3: Rate = { perMinute: 50, burst: 50 };
const TIER_4: Rate = { perMinute: 100, burst: 100 };

/** The rate of each method that the stand-in knows; "special" ones are as generous as they were seen to be. */
export const RATES: Readonly<Record<string, Rate>> = {
  "apps.connections.open": TIER_3,
  "auth.test": { perMinute: 300, burst: 100 },
  "chat.getPermalink": { perMinute: 300, burst: 100 },
  /** One a second for a channel; Slack tolerates short bursts and does not say how long. */
  "chat.postMessage": { perMinute: 60, burst: 30 },
  "chat.postEphemeral": TIER_4,
  "chat.update": TIER_3,
  "conversations.history": TIER_3,
  "conversations.info": TIER_3,
  "conversations.replies": TIER_3,
  "usergroups.list": TIER_2,
  "usergroups.users.list": TIER_2,
  "users.info": TIER_4,
  "views.open": TIER_4,
  "views.publish": TIER_4,
  "views.update": TIER_4,
};
