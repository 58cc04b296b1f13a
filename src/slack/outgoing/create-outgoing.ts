import { webApi } from "@slack/bolt";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/logger.ts";
import type { Secret } from "../../lib/secret.ts";
import { boltLogger } from "../bolt-logger.ts";
import { deafObserver, type SlackObserver } from "../observer.ts";
import type { Outgoing } from "../outgoing.ts";
import { answerCalls } from "./answers.ts";
import { counting, type Counted } from "./counting.ts";
import { fileCalls } from "./files.ts";
import { findKeys } from "./find-keys.ts";
import { messageCalls } from "./messages.ts";
import { viewCalls } from "./views.ts";

/** What Outgoing is made of. */
export type OutgoingOptions = {
  readonly botToken: Secret;
  /** A user token of an admin, by which anybody's message can be deleted. */
  readonly deletionToken?: Secret | undefined;
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly observer?: SlackObserver;
  readonly logger: Logger;
  /** How long a call may take for which nobody waits, in milliseconds; default: 10,000. */
  readonly backgroundMs?: number;
};

/** Milliseconds that an answer to a person may take. */
const INTERACTIVE_MS = 2000;
const BACKGROUND_MS = 10_000;

/** Makes the clients: one for answers to people (fast or not at all), one for everything else (repeated by the publisher). */
export function createOutgoing(options: OutgoingOptions): Outgoing {
  const { botToken, deletionToken, clock, observer = deafObserver, backgroundMs = BACKGROUND_MS } = options;
  const counted: Counted = counting(observer, clock);
  const interactive = client(options, botToken, INTERACTIVE_MS);
  const background = client(options, botToken, backgroundMs);
  const admin = deletionToken === undefined ? undefined : client(options, deletionToken, INTERACTIVE_MS);
  return {
    ...messageCalls(background, counted),
    ...answerCalls(interactive, counted),
    ...viewCalls({ interactive, background, counted }),
    ...fileCalls(background, counted),
    findKeys: async (place, since) => await findKeys({ client: background, counted, place, sinceSeconds: since }),
    deleteAsUser:
      admin &&
      (async (channel, ts) =>
        void (await counted("chat.delete", async () => await admin.chat.delete({ channel, ts })))),
  };
}

/** A client that repeats by itself posts twice, and one that waits out a 429 keeps people waiting: ours do neither. */
function client({ apiUrl, logger }: OutgoingOptions, token: Secret, timeout: number): webApi.WebClient {
  return new webApi.WebClient(token.reveal(), {
    slackApiUrl: apiUrl,
    timeout,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: boltLogger(logger),
  });
}
