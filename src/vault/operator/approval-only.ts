import { FailureError } from "../../lib/failure.ts";
import type { TokenSource } from "../token-source.ts";

/** Creates the source of a cluster whose approved calls get tokens of their own: it has none for anybody else. */
export function approvalOnly(cluster: string): TokenSource {
  return {
    read: async () => {
      throw new FailureError({
        reason: "denied",
        retryable: false,
        message: `cannot give a token for actions on ${cluster}: no approval, no token; clusters[].operator mints one for each approved call`,
      });
    },
  };
}
