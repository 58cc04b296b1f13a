import { webApi, type types } from "@slack/bolt";
import type { Logger } from "../lib/logger.ts";
import type { Secret } from "../lib/secret.ts";
import { boltLogger } from "./bolt-logger.ts";
import { METADATA_TYPE } from "./ids.ts";
import { clean } from "./render/clean.ts";
import type { Block, Content } from "./render/content.ts";
import { cut, fitMessage, fitView, OURS } from "./render/limits.ts";

/** Where a message goes: a channel, and a thread when `threadTs` is given. */
export type Place = { readonly channel: string; readonly threadTs: string | undefined };

/**
 * Outgoing is the only way to Slack: everything that is sent goes through it, loses what looks like a secret and is cut to Slack's
 * limits. Its calls throw what the Web API client throws; `sortSlackError` sorts it.
 */
export type Outgoing = {
  /** Posts a message (`chat.postMessage`) that can be found again by its key; gives its ts. */
  readonly post: (place: Place, key: string, content: Content, broadcast: boolean) => Promise<string>;
  /** Edits a message (`chat.update`). */
  readonly update: (channel: string, ts: string, content: Content) => Promise<void>;
  /** Shows a message to one person (`chat.postEphemeral`). */
  readonly whisper: (place: Place, user: string, content: Content) => Promise<void>;
  /** Answers at a command's `response_url`, to the person alone. */
  readonly respond: (responseUrl: string, content: Content) => Promise<void>;
  /** Opens a modal (`views.open`). */
  readonly openView: (triggerId: string, view: types.ModalView) => Promise<void>;
  /** Reads our messages of a thread or, without one, of the channel since a time (Unix seconds): ts by key. */
  readonly findKeys: (place: Place, sinceSeconds: number) => Promise<ReadonlyMap<string, string>>;
  /** Reads who we are (`auth.test`): proves the bot token. */
  readonly whoAmI: () => Promise<string>;
  /** Cleans and cuts the answer to a submission: errors by block id. */
  readonly viewErrors: (errors: Readonly<Record<string, string>>) => {
    response_action: "errors";
    errors: Record<string, string>;
  };
};

/** What Outgoing is made of. */
export type OutgoingOptions = { readonly botToken: Secret; readonly apiUrl: string; readonly logger: Logger };

const RESPOND_TIMEOUT_MS = 5000;
const PAGES = 5;

/** Makes the two clients: one for answers to people (fast or not at all), one for everything else (retried by the publisher). */
export function createOutgoing({ botToken, apiUrl, logger }: OutgoingOptions): Outgoing {
  const client = (timeout: number): webApi.WebClient =>
    new webApi.WebClient(botToken.reveal(), {
      slackApiUrl: apiUrl,
      timeout,
      // A client that retries by itself posts twice; and one that waits out a 429 keeps people waiting.
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger: boltLogger(logger),
    });
  const interactive = client(2000);
  const background = client(10_000);
  return {
    ...posts(background),
    ...answers(interactive),
    findKeys: async (place, since) => await findKeys(background, place, since),
  };
}

const QUIET = { unfurl_links: false, unfurl_media: false, parse: "none", link_names: false } as const;

type Posts = Pick<Outgoing, "post" | "update" | "whoAmI">;

function posts(client: webApi.WebClient): Posts {
  return {
    post: async ({ channel, threadTs }, key, content, broadcast) => {
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs, reply_broadcast: broadcast };
      const metadata = { event_type: METADATA_TYPE, event_payload: { key } };
      const answer = await client.chat.postMessage({
        channel,
        ...message(content),
        ...QUIET,
        ...(thread as { thread_ts: string }),
        metadata,
      });
      return answer.ts ?? "";
    },
    update: async (channel, ts, content) => {
      await client.chat.update({ channel, ts, ...message(content), parse: "none", link_names: false });
    },
    whoAmI: async () => (await client.auth.test()).user_id ?? "",
  };
}

type Answers = Pick<Outgoing, "whisper" | "respond" | "openView" | "viewErrors">;

function answers(client: webApi.WebClient): Answers {
  return {
    whisper: async ({ channel, threadTs }, user, content) => {
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
      await client.chat.postEphemeral({
        channel,
        user,
        ...thread,
        ...message(content),
        parse: "none",
        link_names: false,
      });
    },
    respond: async (responseUrl, content) => await respond(responseUrl, content),
    openView: async (trigger_id, view) => {
      await client.views.open({ trigger_id, view: fitView(clean(view)) });
    },
    viewErrors: (errors) => {
      const fitted = Object.entries(errors).map(([block, text]) => [block, cut(clean(text), OURS.errorText)]);
      return { response_action: "errors", errors: Object.fromEntries(fitted) as Record<string, string> };
    },
  };
}

function message(content: Content): { text: string; blocks: Block[] } {
  return fitMessage(clean(content));
}

/** Bolt's own `respond` has no time-out. */
async function respond(responseUrl: string, content: Content): Promise<void> {
  const answer = await fetch(responseUrl, {
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ response_type: "ephemeral", ...message(content) }),
    redirect: "error",
    signal: AbortSignal.timeout(RESPOND_TIMEOUT_MS),
  });
  if (!answer.ok)
    throw new Error(`cannot answer at the response address: HTTP ${answer.status}; the person can ask again`);
}

async function findKeys(
  client: webApi.WebClient,
  { channel, threadTs }: Place,
  sinceSeconds: number,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const common = { channel, include_all_metadata: true, limit: 200, ...(cursor === undefined ? {} : { cursor }) };
    const answer =
      threadTs === undefined
        ? await client.conversations.history({ ...common, oldest: String(sinceSeconds) })
        : await client.conversations.replies({ ...common, ts: threadTs });
    for (const { ts, metadata } of answer.messages ?? []) note(found, ts, metadata);
    cursor = answer.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === "") break;
  }
  return found;
}

function note(
  found: Map<string, string>,
  ts: string | undefined,
  metadata: { event_type?: string; event_payload?: unknown } | undefined,
): void {
  if (ts === undefined || metadata?.event_type !== METADATA_TYPE) return;
  const { event_payload: payload } = metadata;
  const key = typeof payload === "object" && payload !== null && "key" in payload ? payload.key : undefined;
  if (typeof key === "string" && !found.has(key)) found.set(key, ts);
}
