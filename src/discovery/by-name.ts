const collator = new Intl.Collator("en", { numeric: true });

/** Compares by name, with numbers by their value: `vault-2` comes before `vault-10`. */
export function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return collator.compare(left.name, right.name);
}
