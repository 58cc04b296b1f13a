import { FailureError } from "../lib/failure.ts";
import { Secret } from "../lib/secret.ts";
import type { TokenSource } from "./token-source.ts";

/** Creates a token source from an environment variable; reading an unset or empty one throws reason `denied`. */
export function createEnvToken(name: string, env: Readonly<Record<string, string | undefined>>): TokenSource {
  return {
    read: async () => {
      const token = env[name]?.trim() ?? "";
      if (token !== "") return await Promise.resolve(new Secret(token));
      throw new FailureError({
        reason: "denied",
        retryable: false,
        message: `cannot read the Vault token from $${name}: it is not set; set the variable and start again`,
      });
    },
  };
}
