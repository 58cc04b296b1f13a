import type { SlackDirectory } from "../access/slack-directory.ts";
import type { Config } from "../config/schema.ts";
import type { Oidc } from "../config/sections/access.ts";
import { readSecret } from "../config/secret-source.ts";
import { createFreshSlackDirectory } from "../identity/fresh-slack-directory.ts";
import type { IdTokens } from "../identity/id-token.ts";
import type { Logger } from "../lib/logger.ts";
import { onceItWorks } from "../lib/once-it-works.ts";
import { createPeople, type People } from "./people.ts";
import { systemClock } from "./system.ts";

/** What the directory of people is opened with. */
export type OpenPeopleOptions = {
  /** The configuration of this moment: `access` follows a reload. */
  readonly config: () => Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
};

/** Opens the directory of people of a configuration. Nobody is asked, and nothing of Slack is loaded, before someone must be known. */
export function openPeople({ config, env, logger }: OpenPeopleOptions): People {
  const { slack } = config();
  return createPeople({
    access: () => config().access,
    slack:
      slack === undefined
        ? undefined
        : createFreshSlackDirectory({
            directory: openDirectory(slack, env, logger),
            clock: systemClock,
            steady: { now: () => performance.now() },
            logger,
          }),
    idTokens: openIdTokens,
  });
}

/** Bolt is heavy, and a terminal seldom needs it. A bot token that cannot be read yet is read again. */
function openDirectory(
  slack: NonNullable<Config["slack"]>,
  env: OpenPeopleOptions["env"],
  logger: Logger,
): SlackDirectory {
  const open = onceItWorks(async () => {
    const { createSlackDirectory } = await import("../slack/user-groups.ts");
    return createSlackDirectory({ botToken: await readSecret(slack.botToken, { env }), apiUrl: slack.apiUrl, logger });
  });
  return {
    members: async (userGroup) => await (await open()).members(userGroup),
    account: async (memberId) => await (await open()).account(memberId),
  };
}

/** The library of signatures is loaded with the first token. */
function openIdTokens(oidc: Oidc): IdTokens {
  const open = onceItWorks(async () => {
    const { createIdTokens } = await import("../identity/create-id-tokens.ts");
    return createIdTokens({ oidc, clock: systemClock });
  });
  return { verify: async (token) => await (await open()).verify(token) };
}
