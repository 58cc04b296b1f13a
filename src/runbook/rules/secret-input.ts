import type { Rule } from "../rule.ts";
import { valueSpecs } from "../value-specs.ts";

/** Secrets pass through terminals and Vault, never through a bot: it would store them in the timeline and show them in a channel. */
export const secretInput: Rule = {
  name: "secret-input",
  summary: "An input or a question asks for a secret: a token, a key share, a password, a one-time code.",
  *check({ runbook, compilations }) {
    for (const { spec, asks } of valueSpecs(runbook, compilations)) {
      if (spec.type !== "string" && spec.type !== "int") continue;
      for (const { path, on, text } of asks) {
        const secret = askedSecret(text);
        if (secret === undefined) continue;
        yield {
          path,
          on,
          message: `this asks for a secret ("${secret}"); let people type it into a terminal, with a "manual" step`,
        };
        break;
      }
    }
  },
};

const SECRETS =
  /\b(?:(?:root|client|service|auth|access|vault|bao|unwrap(?:ping)?) )*tokens?\b|\bpass(?:word|phrase|wd|code)s?\b|\b(?:unseal|recovery|private|secret|api|encryption) keys?\b|\bkey shares?\b|\bsecret ?ids?\b|\bclient secrets?\b|\b(?:otps?|totp|mfa code|pin code|one time (?:code|password|pin))\b|\bcredentials?\b|^secret$/u;

/** An accessor names a token without being one; a role or a policy of tokens is no token either. */
const HARMLESS =
  /\b(?:accessors?(?: of (?:the |a |its )?(?:\w+ )?tokens?)?|tokens?(?:'s)? (?:accessors?|roles?|polic(?:y|ies)|types?|paths?|counts?))\b/gu;

function askedSecret(text: string): string | undefined {
  const words = text
    .toLowerCase()
    .replaceAll(/\$\{[^}]*\}/gu, " ")
    .replaceAll(/[_\-\s]+/gu, " ")
    .replaceAll(HARMLESS, " ");
  return SECRETS.exec(words)?.[0];
}
