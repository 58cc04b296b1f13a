/*
 * What must never leave the process: tokens of both products, Slack tokens and hook URLs (whoever has one can post), key shares,
 * recovery keys, PEM private keys, JWTs. Key shares have no prefix: 32 or 33 bytes in base64 (44 characters) or hex (64 or 66).
 * Base64 has the slash, so a long path could look like a share; a share lacks capital or small letters once in 10^9, a path often.
 * A SHA-256 has the form of a share in hex: our own digests are written `sha256:…`, by which they are told apart.
 */
const FORMS: readonly { readonly name: string; readonly form: RegExp }[] = [
  { name: "Vault token", form: /\b(?:hv[sbr]\.[\w-]{20,}|[sbr]\.[A-Za-z0-9]{24,})/gu },
  { name: "Slack token", form: /\bx(?:ox[a-eoprs]|app)-[\w-]{8,}/gu },
  { name: "Slack hook", form: /\bhooks\.slack\.com\/[a-z]+\/[\w/-]+/gu },
  { name: "private key", form: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gu },
  { name: "JWT", form: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/gu },
  {
    name: "key share",
    form: /(?<![\w+/-])(?=[a-z0-9+/]*[A-Z])(?=[A-Z0-9+/]*[a-z])(?:[A-Za-z0-9+/]{43}=(?!=)|[A-Za-z0-9+/]{44}(?![\w+/=-]))/gu,
  },
  { name: "key share", form: /(?<![\w+/-])(?<!sha256:)[0-9a-f]{64}(?:[0-9a-f]{2})?(?![\w+/=-])/giu },
];

/** Names the first secret-like form found in a text ("Vault token", "key share" …), or undefined. Never gives the text itself. */
export function findSecret(text: string): string | undefined {
  return FORMS.find(({ form }) => new RegExp(form.source, form.flags.replace("g", "")).test(text))?.name;
}

/** Replaces every secret-like form by `<redacted …>`. The last line of defence: nothing secret should get here. */
export function redact(text: string): string {
  const redacted = FORMS.reduce((held, { name, form }) => held.replaceAll(form, `<redacted ${name}>`), text);
  // What stood glued to a secret may show only now that it is gone.
  return redacted === text ? text : redact(redacted);
}
