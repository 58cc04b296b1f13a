import type { Secret } from "../lib/secret.ts";
import type { AuthStats } from "./auth/auth-stats.ts";
import type { CallOptions } from "./transport.ts";

/** TokenSource gives the token at the moment of a call. */
export type TokenSource = {
  /** Gives the token, within the call's own time; throws reason `denied` when there is none to give. */
  readonly read: (options?: CallOptions) => Promise<Secret>;
  /** Hears that a call with this token was answered 403; returns at once, and finds out on its own time whether the token is still valid. */
  readonly denied?: (token: Secret) => void;
  /** How often it logged in and renewed; only a source that does so has it. */
  readonly stats?: () => AuthStats;
  /** Gives back what it took: a token of its own is revoked. */
  readonly close?: () => Promise<void>;
};
