/** What Slack wraps around names that people type: `<@U123|bob>`, `<#C123|prod>`, `<https://vault.example|vault.example>`. */
const WRAPPED = /<(?:[@#](?<id>[A-Z0-9]+)|(?<address>(?:https?|mailto):[^|>]+))(?:\|(?<label>[^>]*))?>/gu;
const ENTITIES: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/**
 * Reads what was typed behind the command as words, the way it was meant: without what Slack and phones make of it (wrapped names, curly
 * quotes, dashes, spaces that do not break or have no width). Quotes hold words together: `why="disk full"`.
 */
export function readWords(text: string): readonly string[] {
  const plain = text
    .normalize("NFC")
    .replaceAll(WRAPPED, (...found) => unwrap(found.at(-1) as Wrapped))
    .replaceAll(/&(?:amp|lt|gt);/gu, (entity) => ENTITIES[entity] ?? entity)
    .replaceAll(/[\u200B-\u200D\u2060\uFEFF]/gu, "")
    .replaceAll(/[\u201C-\u201F\u00AB\u00BB]/gu, '"')
    .replaceAll(/[\u2018-\u201B]/gu, "'");
  // A quote alone, or two with nothing between, are no word.
  return split(plain)
    .map(straighten)
    .filter((word) => word !== "");
}

type Wrapped = { readonly id?: string; readonly address?: string; readonly label?: string };

function unwrap({ id, address, label }: Wrapped): string {
  return label === undefined || label === ""
    ? (id ?? address?.replace(/^mailto:/u, "") ?? "")
    : label.replace(/^@/u, "");
}

/** A quote opens in front of a word or behind `=`; one that nobody closed holds to the end. */
const WORD = /(?:[^\s=]*=)?(?:"(?<double>[^"]*)(?:"|$)|'(?<single>[^']*)(?:'|$))|\S+/gu;

function split(text: string): readonly string[] {
  return [...text.matchAll(WORD)].map(({ 0: word, groups }) => {
    const quoted = groups?.["double"] ?? groups?.["single"];
    if (quoted === undefined) return word;
    const name = /^[^\s="']*=/u.exec(word)?.[0] ?? "";
    return `${name}${quoted}`;
  });
}

/** Phones make a long dash of two hyphens, and some fonts' hyphens are not the one that names have. */
function straighten(word: string): string {
  return word
    .replace(/^[\u2013\u2014\u2015](?=\p{Letter})/u, "--")
    .replace(/^-(?=[a-z]{2})/u, "--")
    .replaceAll(/[\u2010-\u2015\u2212]/gu, "-");
}
