import type { Refusal } from "../check-payload.ts";
import type { Part } from "../part.ts";
import type { Triggers } from "../triggers.ts";
import type { Workspace } from "../workspace.ts";

/** Who the app is in the workspace. */
export type StandInApp = {
  readonly userId: string;
  readonly botId: string;
  readonly teamId: string;
  readonly teamName: string;
  /** The organisation that the workspace is part of. */
  readonly enterpriseId?: string;
};

/** What a method may use. */
export type MethodContext = {
  readonly workspace: Workspace;
  readonly triggers: Triggers;
  readonly app: StandInApp;
  /** The stand-in's own address, `http://127.0.0.1:port`. */
  readonly base: () => string;
};

/** Method answers one Web API call; `args` are the form's fields, those that hold JSON parsed. */
export type Method = (context: MethodContext, args: Part) => Part;

/** Answers `ok: true` with fields. */
export function ok(fields: Part = {}): Part {
  return { ok: true, ...fields };
}

/** Answers `ok: false` the way Slack does, with details under `response_metadata.messages`. */
export function refuse(error: string, details: readonly string[] = []): Part {
  if (details.length === 0) return { ok: false, error };
  return { ok: false, error, response_metadata: { messages: details.map((detail) => `[ERROR] ${detail}`) } };
}

/** Answers with what a check found. */
export function refuseWith(refusal: Refusal): Part {
  return refuse(refusal.error, refusal.details);
}
