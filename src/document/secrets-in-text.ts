import type { Finding } from "../lib/finding.ts";
import { findSecret } from "../lib/redact.ts";

/** A bcrypt hash is made to be written down; a part of it may look like something else. */
const BCRYPT = /\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/gu;

/** Finds secret-like text anywhere in a file, comments too, one finding a line. Names its form, never the text. */
export function findSecretsInText(file: string, text: string): readonly Finding[] {
  // Nearly every file has none, and a look at the whole is far quicker than one at every line.
  if (findSecret(text) === undefined) return [];
  return text.split("\n").flatMap((written, index) => {
    const line = written.replaceAll(BCRYPT, (hash) => " ".repeat(hash.length));
    const form = findSecret(line);
    if (form === undefined) return [];
    const word = [...line.matchAll(/\S+/gu)].find(([held]) => findSecret(held) !== undefined);
    const message = `this looks like a ${form}; take it out, and rotate it if it is real`;
    return [{ file, line: index + 1, column: (word?.index ?? 0) + 1, rule: "secret-in-text", message }];
  });
}
