import type { Actor } from "../../access/person.ts";
import type { Settings } from "../../app/load-settings.ts";
import { createLogger } from "../../app/logger.ts";
import { openPeople } from "../../app/open-people.ts";
import { systemClock, terminalUser } from "../../app/system.ts";
import { createReloadableConfig } from "../../config/reload.ts";
import { readSecret } from "../../config/secret-source.ts";
import type { Env } from "../settings.ts";

/** Where somebody is and how they say who they are. */
export type Whereabouts = {
  readonly settings: Settings;
  readonly env: Env;
  /** File of the ID token that says who is there; undefined: the user of the operating system. */
  readonly idTokenFile?: string | undefined;
};

/**
 * Makes a function that says who is at this terminal and what they may do now: whoever the ID token says, or the user of the operating
 * system. Configuration and token are read each time, so that nobody who follows a run for hours has a role that was taken away. Throws
 * `FailureError` when the token cannot be read or is not good.
 */
export function whoIsThere({ settings, env, idTokenFile }: Whereabouts): () => Promise<Actor> {
  const source = { file: settings.file, env };
  const config = createReloadableConfig({ first: settings.config, source, clock: systemClock });
  const people = openPeople({ config: config.current, env, logger: createLogger("warn") });
  return async () => {
    await config.reload();
    if (idTokenFile === undefined) return await people.byTerminal(terminalUser());
    return await people.byIdToken(await readSecret({ file: idTokenFile }, { env }));
  };
}
