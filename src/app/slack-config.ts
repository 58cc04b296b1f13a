import { readSecret, type SecretEnvironment } from "../config/secret-source.ts";
import type { Slack } from "../config/sections/slack.ts";
import type { SecretSource } from "../config/sections/secret.ts";
import type { Secret } from "../lib/secret.ts";
import type { SlackBotConfig } from "../slack/app.ts";

/** Reads what the bot needs of the configuration, with its secrets. */
export async function readSlackConfig(slack: Slack, environment: SecretEnvironment): Promise<SlackBotConfig> {
  const read = async (source: SecretSource | undefined): Promise<Secret | undefined> =>
    source === undefined ? undefined : await readSecret(source, environment);
  const { mode, connections, channel, apiUrl, steps, escalateTo } = slack;
  const [appToken, signingSecret, deletionToken] = await Promise.all([
    mode === "socket" ? read(slack.appToken) : undefined,
    mode === "http" ? read(slack.signingSecret) : undefined,
    read(slack.deletionToken),
  ]);
  return {
    mode,
    connections,
    channel,
    apiUrl,
    steps,
    escalateTo,
    remindAfterMs: slack.remindAfter,
    escalateAfterMs: slack.escalateAfter,
    botToken: await readSecret(slack.botToken, environment),
    ...(appToken !== undefined && { appToken }),
    ...(signingSecret !== undefined && { signingSecret }),
    ...(deletionToken !== undefined && { deletionToken }),
  };
}
