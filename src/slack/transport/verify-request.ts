import { isValidSlackRequest } from "@slack/bolt";
import type { Clock } from "../../lib/clock.ts";
import type { Secret } from "../../lib/secret.ts";
import type { SlackRefusal } from "../observer.ts";
import type { HttpRequest } from "./http-types.ts";
import { createReplayCache } from "./replay-cache.ts";

/** Tells why a request is not to be believed; undefined when it is Slack's, and new. */
export type VerifyRequest = (request: HttpRequest, body: string) => SlackRefusal | undefined;

/** Slack's own rule is five minutes; the library knows it only for the past. */
const TOLERANCE_S = 300;
/** The library would take more behind it, and then a replayed one would look new. */
const SIGNATURE = /^v0=[0-9a-f]{64}$/u;

/** Makes the check of signatures: of our secret, of these minutes, and never seen before by this process. */
export function createVerifyRequest(signingSecret: Secret, clock: Clock): VerifyRequest {
  const isNew = createReplayCache(clock);
  return ({ headers }, body) => {
    const { "x-slack-signature": signature, "x-slack-request-timestamp": stamp } = headers;
    if (typeof signature !== "string" || !SIGNATURE.test(signature) || typeof stamp !== "string")
      return "bad_signature";
    if (!/^\d{1,12}$/u.test(stamp) || Math.abs(clock.now() / 1000 - Number(stamp)) > TOLERANCE_S)
      return "bad_timestamp";
    const isSigned = isValidSlackRequest({
      signingSecret: signingSecret.reveal(),
      body,
      headers: { "x-slack-signature": signature, "x-slack-request-timestamp": Number(stamp) },
      nowMilliseconds: clock.now(),
    });
    if (!isSigned) return "bad_signature";
    return isNew(signature) ? undefined : "replayed";
  };
}
