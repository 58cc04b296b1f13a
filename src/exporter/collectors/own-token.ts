import { tokenLookupSelf } from "../../vault/endpoints/token-lookup-self.ts";
import { callBudget } from "../call-budget.ts";
import type { Collector } from "../collector.ts";
import { gauge, withValue } from "../family.ts";

const SHARE = 0.4;

const expires = gauge(
  "sealwatch_token_expire_timestamp_seconds",
  "Unix time when the exporter's token expires unless it is renewed. No sample when it never does (sealwatch_token_expires 0).",
);
const ttl = gauge(
  "sealwatch_token_ttl_seconds",
  "What is left of the token's life by Vault's own clock. No sample when it never expires (sealwatch_token_expires 0).",
);
const canExpire = gauge(
  "sealwatch_token_expires",
  "1 if the exporter's token expires, 0 if it never does (a root token).",
);
const renewable = gauge("sealwatch_token_renewable", "1 if the exporter's token can be renewed, 0 if not.");
const orphan = gauge(
  "sealwatch_token_orphan",
  "1 if the exporter's token lives on when the token that made it ends, 0 if it then ends too.",
);

/** How long the exporter's own token lasts: when it ends, everything that needs a token does. */
export const ownToken: Collector = {
  name: "own-token",
  help: "The exporter's own token, looked up on the active node; never the token itself.",
  families: [expires, ttl, canExpire, renewable, orphan],
  policy: [{ path: "auth/token/lookup-self", capabilities: ["read"] }],
  async collect(context) {
    const active = await context.active();
    const token = await active.read(tokenLookupSelf, callBudget(context, SHARE));
    const ends = token.expiresAtSeconds !== undefined;
    return [
      withValue(expires, token.expiresAtSeconds),
      withValue(ttl, ends ? token.ttlSeconds : undefined),
      withValue(canExpire, Number(ends)),
      withValue(renewable, Number(token.renewable)),
      withValue(orphan, Number(token.orphan)),
    ];
  },
};
