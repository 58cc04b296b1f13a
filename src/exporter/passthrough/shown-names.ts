import type { DropReason } from "./drop-reason.ts";

/** How a native family is shown: what is put in front of its name, or why nothing of it is shown. */
export type ShownName = { readonly prefix: "" | "vault_" } | { readonly reason: DropReason };

/** Names that the program's own families have or get; a page that has one family in two places is refused whole. */
const OURS = /^(?:sealwatch_|nodejs_|vault_process_)/u;

/** What is shown of Vault's families, by the names that they have on our page. */
export type ShownNamesOptions = {
  readonly isShown: (name: string) => boolean;
  /** Further names of our own, such as those of `--compat-metrics`. */
  readonly reserved: ReadonlySet<string>;
};

/** Creates what decides how a native family is shown: `process_*`, which the program has too, becomes `vault_process_*`. */
export function createShownNames({ isShown, reserved }: ShownNamesOptions): (name: string) => ShownName {
  return (name) => {
    if (OURS.test(name) || reserved.has(name)) return { reason: "name-conflict" };
    const prefix = name.startsWith("process_") ? "vault_" : "";
    return isShown(prefix + name) ? { prefix } : { reason: "excluded" };
  };
}
