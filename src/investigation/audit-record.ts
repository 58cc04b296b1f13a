import type { Timestamp } from "../lib/clock.ts";

/** A token, as an audit log names it. */
export type NamedToken = {
  /** `hmac-sha256:…`, or in plain text where the device has `hmac_accessor=false`. Empty: none (before a login, a batch token). */
  readonly accessor: string;
  readonly displayName: string;
  readonly entityId: string;
};

/** AuditRecord is what counts of one line of an audit log: who, what and when, and nothing of what was sent or given. */
export type AuditRecord = {
  readonly type: "request" | "response";
  /** The same in the record of the request and of its answer. */
  readonly requestId: string;
  readonly at: Timestamp;
  readonly actor: NamedToken;
  /** The token that asked, as the device writes it: only for comparing, a raw log has it in plain text. */
  readonly clientToken: string;
  readonly operation: string;
  readonly path: string;
  /** `secret/`; the first part of the path where the log does not say. */
  readonly mount: string;
  /** It was refused, or it failed. */
  readonly failed: boolean;
  /** The token that the answer gave away: a login's, or a child's. */
  readonly issued: NamedToken | undefined;
};

/** Names are for people; nobody reads longer ones, and they are held. */
const LONGEST = 200;

/** What is looked for in a line; all of it may be missing. */
type Line = {
  readonly time?: unknown;
  readonly type?: unknown;
  readonly auth?: Auth | null;
  readonly request?: {
    readonly id?: unknown;
    readonly operation?: unknown;
    readonly path?: unknown;
    readonly mount_point?: unknown;
    readonly client_token?: unknown;
    readonly client_token_accessor?: unknown;
  } | null;
  readonly response?: {
    readonly auth?: Auth | null;
    readonly wrap_info?: { readonly wrapped_accessor?: unknown } | null;
  } | null;
  readonly error?: unknown;
};
type Auth = { readonly accessor?: unknown; readonly display_name?: unknown; readonly entity_id?: unknown };

/**
 * Reads one line; undefined for what is no record of an audit log. A line that was cut off in its answer (lists of leases are long) still tells
 * who asked for what; whether it failed it does not say, but what fails gives no long answers.
 */
export function parseAuditRecord(text: string): AuditRecord | undefined {
  const line = readLine(text);
  if (line === undefined || (line.type !== "request" && line.type !== "response")) return undefined;
  const at = typeof line.time === "string" ? Date.parse(line.time) : Number.NaN;
  const { id, operation, path } = line.request ?? {};
  if (Number.isNaN(at) || typeof path !== "string" || typeof id !== "string") return undefined;
  return {
    type: line.type,
    requestId: id,
    at,
    actor: actorOf(line),
    clientToken: short(line.request?.client_token),
    operation: short(operation),
    path,
    mount: mountOf(line, path),
    failed: typeof line.error === "string" && line.error !== "",
    issued: issuedBy(line),
  };
}

const ANSWER = ',"response":{';
/** Shorter lines are taken apart faster than they are looked through. */
const LONG = 8192;

/**
 * Of a long record only what stands before its answer is taken apart, unless the answer gives a token away or ends with an error. This cut is
 * at the right place or no JSON: within a string the quotes would be escaped, and deeper inside a brace would be missing.
 */
function readLine(text: string): Line | undefined {
  const begin = text.startsWith("{") ? text : text.slice(Math.max(0, text.indexOf("{")));
  const short = begin.length < LONG ? parse(begin) : undefined;
  if (short !== undefined) return short;
  const at = begin.indexOf(ANSWER);
  if (at === -1) return parse(begin);
  const all = givesAway(begin, at) ? parse(begin) : undefined;
  return all ?? parse(`${begin.slice(0, at)}}`) ?? parse(begin);
}

/** Whether something in the answer must be read: an error after it, or the accessor of a token. `mount_accessor` stands in every one. */
function givesAway(text: string, at: number): boolean {
  return !text.endsWith("}}") || text.includes('"accessor":"', at) || text.includes('"wrapped_accessor":"', at);
}

function parse(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Who asked. In the answer to a login `auth` is the token that was made, and nobody had asked with one. */
function actorOf({ type, auth, request, response }: Line): NamedToken {
  const asked = short(request?.client_token_accessor);
  const told = tokenOf(auth);
  if (asked !== "") return told.accessor === asked ? told : { accessor: asked, displayName: "", entityId: "" };
  const login = type === "response" && response?.auth !== undefined && response.auth !== null;
  return login ? NOBODY : told;
}

const NOBODY: NamedToken = { accessor: "", displayName: "", entityId: "" };

function issuedBy({ response }: Line): NamedToken | undefined {
  const given = tokenOf(response?.auth);
  if (given.accessor !== "") return given;
  const wrapped = short(response?.wrap_info?.wrapped_accessor);
  return wrapped === "" ? undefined : { ...NOBODY, accessor: wrapped };
}

function tokenOf(auth: Auth | null | undefined): NamedToken {
  return {
    accessor: short(auth?.accessor),
    displayName: short(auth?.display_name),
    entityId: short(auth?.entity_id),
  };
}

function mountOf({ request }: Line, path: string): string {
  const told = short(request?.mount_point);
  return told === "" ? short(path.slice(0, path.indexOf("/") + 1) || path) : told;
}

function short(value: unknown): string {
  return typeof value === "string" ? value.slice(0, LONGEST) : "";
}
