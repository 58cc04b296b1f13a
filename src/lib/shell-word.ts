/** Quotes a text as one word for POSIX shells: nothing in single quotes means anything but itself. */
export function shellWord(text: string): string {
  return /^[\w.:@%+/-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
