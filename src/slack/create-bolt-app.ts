import { App, type Receiver } from "@slack/bolt";
import type { Logger } from "../lib/logger.ts";
import { boltLogger } from "./bolt-logger.ts";
import type { SlackBotConfig } from "./bot-options.ts";

/** Makes the app of the library. `authorize` instead of `token`: with a token it asks Slack at once, and a failure there ends the process. */
export async function createBoltApp(
  { botToken, apiUrl }: SlackBotConfig,
  receiver: Receiver,
  logger: Logger,
): Promise<App> {
  const app = new App({
    receiver,
    authorize: async () => await Promise.resolve({ botToken: botToken.reveal() }),
    logger: boltLogger(logger),
    convoStore: false,
    ignoreSelf: false,
    deferInitialization: true,
    clientOptions: {
      slackApiUrl: apiUrl,
      timeout: 2000,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    },
  });
  await app.init();
  return app;
}
