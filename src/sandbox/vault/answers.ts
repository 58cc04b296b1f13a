import { randomUUID } from "node:crypto";

/** SimulatedAnswer is what a simulated node sends back. */
export type SimulatedAnswer = {
  readonly statusCode: number;
  /** JSON, unless it is a string (plain text) or a buffer (sent as it is). */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Answers as Vault does when it did something and has nothing to say. */
export const NO_CONTENT: SimulatedAnswer = { statusCode: 204 };

/** Answers with raw JSON, as the paths without an envelope do. */
export function raw(body: unknown, statusCode = 200): SimulatedAnswer {
  return { statusCode, body };
}

/** Answers with Vault's envelope around the data. */
export function enveloped(data: unknown): SimulatedAnswer {
  return raw({
    request_id: randomUUID(),
    lease_id: "",
    renewable: false,
    lease_duration: 0,
    data,
    wrap_info: null,
    warnings: null,
    auth: null,
  });
}

/** Answers with Vault's list of errors. */
export function errors(statusCode: number, ...words: readonly string[]): SimulatedAnswer {
  return raw({ errors: words }, statusCode);
}

/** The answers that several paths share, word for word. */
export const ANSWERS = {
  sealed: errors(503, "Vault is sealed"),
  badToken: errors(403, "permission denied"),
  denied: errors(403, "1 error occurred:\n\t* permission denied\n\n"),
  noLeader: errors(500, "local node not active but active cluster node not found"),
  unsupported: errors(404, "1 error occurred:\n\t* unsupported path\n\n"),
  nothing: errors(404),
} as const;
