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
    /** Text of all blocks together; more gives `msg_blocks_too_long`, without a detail. The smallest sum that was seen refused had 11,341. */
    textSum: 11_340,
    /** Bytes of the blocks as JSON; the largest that was seen accepted. 17,694 were refused. */
    json: 15_561,
    attachments: 100,
    /** Slack does not say how much metadata it takes (`metadata_too_large`); nobody should lean on more than this. */
    metadataBytes: 4000,
  },
  view: {
    blocks: 100,
    bytes: 250_000,
    privateMetadata: 3000,
    callbackId: 255,
    externalId: 255,
    title: 24,
    submit: 24,
    close: 24,
  },
  section: { text: 3000, fields: 10, field: 2000 },
  header: { text: 150 },
  context: { elements: 10, text: 3000 },
  actions: { elements: 25 },
  contextActions: { elements: 5 },
  input: { label: 2000, hint: 2000 },
  image: { altText: 2000, title: 2000 },
  button: { text: 75, value: 2000, url: 3000, label: 75 },
  select: { options: 100, optionText: 75, optionValue: 75, description: 75, url: 3000, placeholder: 150 },
  choices: { options: 10 },
  overflow: { options: 5 },
  plainTextInput: { placeholder: 150, maxLength: 3000 },
  confirm: { title: 100, text: 300, button: 30 },
  /** Of one block, and of all in a message. */
  markdown: { text: 12_000 },
  table: { rows: 100, columns: 20 },
  dataTable: { rows: 100, characters: 20_000 },
  alert: { text: 200 },
  card: { title: 150, body: 200, actions: 3 },
  carousel: { cards: 10 },
  container: { title: 150, blocks: 10 },
  ids: { actionId: 255, blockId: 255 },
  /** A file with a snippet type may have 1 MB. */
  file: { snippetBytes: 1024 * 1024, bytes: 1024 * 1024 * 1024 },
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
  "chat.delete": TIER_3,
  "chat.getPermalink": { perMinute: 300, burst: 100 },
  /** One a second for a channel; Slack tolerates short bursts and does not say how long. */
  "chat.postMessage": { perMinute: 60, burst: 30 },
  "chat.postEphemeral": TIER_4,
  "chat.update": TIER_3,
  "conversations.history": TIER_3,
  "conversations.info": TIER_3,
  "conversations.members": TIER_4,
  "conversations.open": TIER_3,
  "conversations.replies": TIER_3,
  "files.completeUploadExternal": TIER_4,
  "files.getUploadURLExternal": TIER_4,
  "files.info": TIER_4,
  "usergroups.list": TIER_2,
  "usergroups.users.list": TIER_2,
  "users.conversations": TIER_3,
  "users.info": TIER_4,
  "views.open": TIER_4,
  "views.publish": TIER_4,
  "views.push": TIER_4,
  "views.update": TIER_4,
};
