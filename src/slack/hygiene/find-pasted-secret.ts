/**
 * People paste logs, digests, ids and names into chat all night, and a false alarm costs their trust; redaction costs nothing. So a message
 * must show more than the form that `redact` goes by (src/lib/redact.ts), and everything found here is found there too.
 */
type Form = {
  readonly kind: string;
  readonly form: RegExp;
  /** Judges a match by itself and by the line that it stands in. */
  readonly counts: (match: string, line: string) => boolean;
};

const FORMS: readonly Form[] = [
  { kind: "private key", form: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{40,}/gu, counts: () => true },
  { kind: "Vault token", form: /\bhv[sbr]\.[\w-]{20,}/gu, counts: isMixed },
  // Before Vault 1.10, and in OpenBao: also what a call on a variable `s` looks like, but for the digits.
  { kind: "Vault token", form: /\b[sbr]\.[A-Za-z0-9]{24,}/gu, counts: isRandom },
  { kind: "Slack token", form: /\bx(?:ox[a-eoprs]|app)-[\w-]{8,}/gu, counts: (match) => /\d/u.test(match) },
  { kind: "Slack hook", form: /\bhooks\.slack\.com\/[a-z]+\/[\w/-]{20,}/gu, counts: () => true },
  { kind: "JWT", form: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/gu, counts: () => true },
  // 33 bytes, as each of several shares has: no digest is that long.
  { kind: "key share", form: /(?<![\w+/-])[A-Za-z0-9+/]{44}(?![\w+/=-])/gu, counts: isRandom },
  { kind: "key share", form: /(?<![\w+/-])(?<!sha256:)[0-9a-f]{66}(?![\w+/=-])/giu, counts: () => true },
  // 32 bytes, as the only share of a cluster has, and as every SHA-256 has.
  {
    kind: "key share",
    form: /(?<![\w+/-])[A-Za-z0-9+/]{43}=(?!=)/gu,
    counts: (match, line) => isRandom(match) && isAboutKeys(match, line),
  },
  { kind: "key share", form: /(?<![\w+/-])(?<!sha256:)[0-9a-f]{64}(?![\w+/=-])/giu, counts: isAboutKeys },
];

/**
 * Names the first kind of secret that a person's message holds, or undefined; what stood in the message before its edit does not count again.
 * Never gives the secret itself.
 */
export function findPastedSecret(text: string, before = ""): string | undefined {
  return FORMS.find(({ form, counts }) =>
    [...text.matchAll(form)].some(
      ({ 0: match, index }) => !before.includes(match) && counts(match, lineAt(text, index)),
    ),
  )?.kind;
}

/** Placeholders are of one kind of characters: `hvs.XXXX…`, `hvs.your-token-goes-here`. */
function isMixed(match: string): boolean {
  const value = match.slice(match.indexOf(".") + 1);
  return [/[a-z]/u, /[A-Z]/u, /\d/u].filter((kind) => kind.test(value)).length >= 2;
}

/** A name in a program or a path has no digit, or no capital; one random text of 24 characters in seventy has no digit. */
function isRandom(match: string): boolean {
  const value = match.slice(match.indexOf(".") + 1);
  return [/[a-z]/u, /[A-Z]/u, /\d/u].every((kind) => kind.test(value));
}

const KEY_WORDS = /\b(?:unseal|recovery|rekey|shares?|shards?|keys?|root)\b/iu;
/** What stands around an item of a list, a quotation or a line of JSON. */
const DECORATION = /[\s"'`*_,;•<>\-[\]{}()]|^\d+[.):]|&(?:gt|lt|amp);/gu;

/** The line says that it is about keys, or holds nothing else. */
function isAboutKeys(match: string, line: string): boolean {
  const rest = line.replace(match, "");
  return KEY_WORDS.test(rest) || rest.replaceAll(DECORATION, "") === "";
}

function lineAt(text: string, index: number): string {
  const from = text.lastIndexOf("\n", index - 1) + 1;
  const to = text.indexOf("\n", index);
  return text.slice(from, to === -1 ? undefined : to);
}
