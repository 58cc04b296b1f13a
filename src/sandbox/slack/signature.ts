import { createHmac } from "node:crypto";

/** The headers by which Slack signs a request; `timestamp` is Unix seconds. */
export type SignedHeaders = { readonly "x-slack-request-timestamp": string; readonly "x-slack-signature": string };

/** Signs a raw body the way Slack does: `v0=HMAC_SHA256(secret, "v0:{timestamp}:{body}")`. */
export function signBody(secret: string, body: string, timestamp: number): SignedHeaders {
  const mac = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return { "x-slack-request-timestamp": String(timestamp), "x-slack-signature": `v0=${mac}` };
}
