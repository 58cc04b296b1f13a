import { webApi } from "@slack/bolt";
import { z } from "zod";
import type { SlackAccount } from "../../access/slack-directory.ts";
import { toFailure, type Failure } from "../../lib/failure.ts";
import { silentLogger } from "../../lib/logger.ts";
import type { Secret } from "../../lib/secret.ts";
import { boltLogger } from "../bolt-logger.ts";
import { sortSlackError } from "../slack-error.ts";
import { createSlackDirectory } from "../user-groups.ts";

/** What Slack answered, or its error code; `unclear` when it gave none. */
export type Answered<T> =
  { readonly value: T } | { readonly error: string; readonly unclear: boolean; readonly needed?: string };

/** What the directory of people answered, or why it could not. */
export type Told<T> = { readonly value: T } | { readonly failure: Failure };

/** Who a token belongs to, and what it may do. */
export type TokenHolder = {
  readonly team: string;
  readonly teamId: string;
  readonly user: string;
  readonly userId: string;
  /** Undefined for a person's token. */
  readonly botId: string | undefined;
  /** Undefined when Slack did not say (it stands in a header of the answer). */
  readonly scopes: readonly string[] | undefined;
};

/** SlackExam is all that was asked of Slack; nothing was posted, and no message was read. */
export type SlackExam = {
  readonly bot: Answered<TokenHolder>;
  /** Undefined in HTTP mode. */
  readonly connection: Answered<undefined> | undefined;
  readonly channels: ReadonlyMap<string, Answered<undefined>>;
  readonly userGroups: ReadonlyMap<string, Told<number>>;
  readonly people: ReadonlyMap<string, Told<SlackAccount>>;
  /** Undefined without a token for deleting. */
  readonly deletion: Answered<TokenHolder> | undefined;
};

/** What an examination asks about; without a token that part is left out. */
export type SlackQuestions = {
  readonly apiUrl: string;
  readonly botToken: Secret;
  readonly appToken: Secret | undefined;
  readonly deletionToken: Secret | undefined;
  readonly channels: readonly string[];
  readonly userGroups: readonly string[];
  readonly people: readonly string[];
  /** For each call, in milliseconds; default: 10,000. */
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 10_000;

/** Asks Slack everything at once; what cannot be told holds up nothing else. Never rejects. */
export async function examineSlack(questions: SlackQuestions): Promise<SlackExam> {
  const { botToken, appToken, deletionToken } = questions;
  const timeoutMs = questions.timeoutMs ?? TIMEOUT_MS;
  const open = (token: Secret): webApi.WebClient => openClient(token, { ...questions, timeoutMs });
  const directory = createSlackDirectory({ ...questions, timeoutMs, logger: silentLogger });
  const client = open(botToken);
  const [bot, connection, deletion, channels, userGroups, people] = await Promise.all([
    readHolder(client),
    appToken === undefined ? undefined : openConnection(open(appToken)),
    deletionToken === undefined ? undefined : readHolder(open(deletionToken)),
    eachOf(questions.channels, async (id) => await readChannel(client, id)),
    eachOf(questions.userGroups, async (group) => await told(async () => (await directory.members(group)).length)),
    eachOf(questions.people, async (id) => await told(async () => await directory.account(id))),
  ]);
  return { bot, connection, deletion, channels, userGroups, people };
}

function openClient(token: Secret, { apiUrl, timeoutMs }: { readonly apiUrl: string; readonly timeoutMs: number }) {
  return new webApi.WebClient(token.reveal(), {
    slackApiUrl: apiUrl,
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: boltLogger(silentLogger),
  });
}

const Holder = z.object({
  team: z.string().default(""),
  team_id: z.string().default(""),
  user: z.string().default(""),
  user_id: z.string().default(""),
  bot_id: z.string().optional(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

async function readHolder(client: webApi.WebClient): Promise<Answered<TokenHolder>> {
  return await answered(async () => {
    const read = Holder.parse(await client.auth.test());
    return {
      team: read.team,
      teamId: read.team_id,
      user: read.user,
      userId: read.user_id,
      botId: read.bot_id,
      scopes: read.response_metadata?.scopes,
    };
  });
}

/** Asks for the address of a connection and does not connect: a connection would take what people do away from the program at work. */
async function openConnection(client: webApi.WebClient): Promise<Answered<undefined>> {
  return await answered(async () => {
    await client.apps.connections.open();
    return undefined;
  });
}

/** Asks for the messages before 1970: whether the bot may read the channel, and nothing of what is in it. */
async function readChannel(client: webApi.WebClient, channel: string): Promise<Answered<undefined>> {
  return await answered(async () => {
    await client.conversations.history({ channel, latest: "1", limit: 1 });
    return undefined;
  });
}

async function answered<T>(ask: () => Promise<T>): Promise<Answered<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    const failure = sortSlackError(error);
    if (failure.kind === "rate-limited") return { error: "ratelimited", unclear: true };
    const needed = neededScope(error);
    return {
      error: failure.error,
      unclear: failure.kind === "uncertain",
      ...(needed === undefined ? {} : { needed }),
    };
  }
}

/** Slack says which scope is missing. */
function neededScope(error: unknown): string | undefined {
  if (!(error instanceof webApi.WebAPIPlatformError)) return undefined;
  const { needed } = z.object({ needed: z.string().optional() }).parse(error.data);
  return needed;
}

async function told<T>(ask: () => Promise<T>): Promise<Told<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { failure: toFailure(error) };
  }
}

/** A few at a time: Slack counts calls a minute. */
const AT_ONCE = 4;

async function eachOf<T>(keys: readonly string[], ask: (key: string) => Promise<T>): Promise<ReadonlyMap<string, T>> {
  const answers = new Map<string, T>();
  const rest = [...new Set(keys)];
  const work = async (): Promise<void> => {
    for (let key = rest.shift(); key !== undefined; key = rest.shift()) answers.set(key, await ask(key));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}
