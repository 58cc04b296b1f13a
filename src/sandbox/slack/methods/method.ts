import type { Refusal } from "../check-payload.ts";
import type { Part } from "../part.ts";
import type { Triggers } from "../triggers.ts";
import type { Workspace } from "../workspace.ts";

/** Who the app is in the workspace. */
export type StandInApp = {
  readonly appId: string;
  readonly userId: string;
  readonly botId: string;
  readonly teamId: string;
  readonly teamName: string;
  /** The organisation that the workspace is part of. */
  readonly enterpriseId?: string;
};

/** Whose token a call came with: the bot's, a person's that the app holds, or the app's own. */
export type TokenKind = "bot" | "user" | "app";

/** What a method may use. */
export type MethodContext = {
  readonly workspace: Workspace;
  readonly triggers: Triggers;
  readonly app: StandInApp;
  /** The stand-in's own address, `http://127.0.0.1:port`. */
  readonly base: () => string;
  /** Gives the address of a new connection of Socket Mode. */
  readonly ticket: () => string;
  /** The scopes that the bot was granted. */
  readonly scopes: ReadonlySet<string>;
};

/** Method answers one Web API call; `args` are the form's fields, those that hold JSON parsed. */
export type Method = (context: MethodContext, args: Part, token: TokenKind) => Part;

/** Answers `ok: true` with fields. */
export function ok(fields: Part = {}): Part {
  return { ok: true, ...fields };
}

/** An answer that says no, with details under `response_metadata.messages`. */
export type Refused = {
  readonly ok: false;
  readonly error: string;
  readonly errors?: readonly string[];
  readonly response_metadata?: { readonly messages: readonly string[] };
};

/** Answers `ok: false` the way Slack does. */
export function refuse(error: string, details: readonly string[] = []): Refused {
  if (details.length === 0) return { ok: false, error };
  const errors = details.map((detail) => detail.replace(/^(\/\S*): (.*)$/u, "$2 [json-pointer:$1]"));
  return { ok: false, error, errors, response_metadata: { messages: errors.map((one) => `[ERROR] ${one}`) } };
}

/** Answers with what a check found. */
export function refuseWith(refusal: Refusal): Refused {
  return refuse(refusal.error, refusal.details);
}

/** Says whether something is a refusal rather than what was looked for. */
export function isRefused(value: object): value is Refused {
  return "ok" in value && value.ok === false;
}
