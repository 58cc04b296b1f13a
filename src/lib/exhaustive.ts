/** Stands at the end of every switch over a union: a case that was forgotten does not compile. */
export function exhaustive(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
