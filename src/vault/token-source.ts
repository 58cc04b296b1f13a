import type { Secret } from "../lib/secret.ts";

/** TokenSource gives the token at the moment of a call; throws reason `denied` when there is none to give. */
export type TokenSource = { readonly read: () => Promise<Secret> };
