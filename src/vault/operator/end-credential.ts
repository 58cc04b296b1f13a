import type { Timers } from "../../lib/clock.ts";
import { FailureError, toFailure } from "../../lib/failure.ts";
import type { Secret } from "../../lib/secret.ts";
import { renderPolicyRule } from "../../lib/vault-policy.ts";
import type { PolicyRule } from "../../lib/vault-policy.ts";
import { wait } from "../../lib/wait.ts";
import { readSysHealth } from "../endpoints/sys-health.ts";
import type { CallOptions, VaultTransport } from "../transport.ts";

/** What was taken for a call. */
export type HeldCredential = {
  readonly login: Secret;
  /** Undefined when it is not known whether one was minted: revoking the login revokes what it minted. */
  readonly minted: Secret | undefined;
  readonly namespace: string | undefined;
};

/** What ending takes from outside. */
export type EndDependencies = {
  /** Chooses the active node, else any unsealed one; throws `sealed` when none is unsealed. */
  readonly choose: (options: CallOptions) => Promise<VaultTransport>;
  readonly timers: Timers;
};

/** How it ended: the node that knows neither token any more, or why that could not be seen. */
export type Ended = { readonly verifiedBy: string } | { readonly why: string };

/** With the last call cut off it stays below the 5 s that a step waits for it. */
const ALL_MS = 4800;

/** A frozen node must leave time for another. */
const CALL_MS = 1500;

/** After a step-down or a dead leader the cluster elects for one to three seconds. */
const AGAIN_MS = 200;

/**
 * Revokes the login (`POST auth/token/revoke-self`), and with it the token that it minted, and looks whether both are dead. Tries again for 5 s
 * while no node leads; gives up at once when none is unsealed. Never throws.
 */
export async function endCredential(held: HeldCredential, { choose, timers }: EndDependencies): Promise<Ended> {
  const over = new AbortController();
  const limits = { timeoutMs: CALL_MS, signal: over.signal };
  const cancel = timers.after(ALL_MS, () => over.abort());
  let last: Failed = { why: "there was no time", word: "unheard", hopeless: false };
  try {
    while (!over.signal.aborted && !last.hopeless) {
      const attempt = await tryToEnd(held, last.word, { choose, limits });
      if ("verifiedBy" in attempt) return attempt;
      // An attempt that the end of the time cut off says nothing of the cluster.
      if (!over.signal.aborted) last = attempt;
      if (!last.hopeless) await wait(AGAIN_MS, timers, over.signal);
    }
  } finally {
    cancel();
  }
  return { why: last.why };
}

/** What a node said to the revocation: well; that the token may not do it, or is no more; or, behind the others, that it does not know it yet. */
type Word = "revoked" | "denied" | "unheard";

/** An attempt that proved nothing: what was said to the revocation so far, and whether another attempt makes sense. */
type Failed = { readonly why: string; readonly word: Word; readonly hopeless: boolean };

async function tryToEnd(
  held: HeldCredential,
  before: Word,
  { choose, limits }: Pick<EndDependencies, "choose"> & { readonly limits: CallOptions },
): Promise<{ readonly verifiedBy: string } | Failed> {
  const transport = await choose(limits).catch((error: unknown) => toFailure(error));
  if ("reason" in transport) {
    return { why: transport.message, word: before, hopeless: transport.reason === "sealed" };
  }
  let word = before;
  try {
    if (word !== "revoked") word = await revoke(transport, held, limits);
    if (word !== "unheard" && (await areDead(transport, held, limits))) return { verifiedBy: transport.nodeName };
    return { why: `${transport.nodeName} ${SAID[word]}`, word, hopeless: word === "denied" };
  } catch (error) {
    return { why: toFailure(error).message, word, hopeless: false };
  }
}

const REVOKE_SELF = { path: "auth/token/revoke-self", capabilities: ["update"] } as const satisfies PolicyRule;

/** Why a token is not dead, after what was said to its revocation. */
const SAID: Readonly<Record<Word, string>> = {
  revoked: "still knows it",
  denied: `does not let it revoke itself: add ${renderPolicyRule(REVOKE_SELF)} to the policy of the login`,
  unheard: "has not heard of it yet",
};

/** Revokes the login. A 403 says that it may not or is no more only on the active node: a standby that is behind may not have heard of it yet. */
async function revoke(
  transport: VaultTransport,
  { login, namespace }: HeldCredential,
  limits: CallOptions,
): Promise<Word> {
  const { path } = REVOKE_SELF;
  const where = namespace === undefined ? {} : { namespace };
  try {
    await transport.request({ ...limits, ...where, method: "POST", path, body: {}, token: login });
    return "revoked";
  } catch (error) {
    if (!(error instanceof FailureError) || error.reason !== "denied") throw error;
    return (await readSysHealth(transport, limits)).standby ? "unheard" : "denied";
  }
}

async function areDead(transport: VaultTransport, held: HeldCredential, limits: CallOptions): Promise<boolean> {
  const tokens = [held.login, ...(held.minted === undefined ? [] : [held.minted])];
  const dead = await Promise.all(tokens.map(async (token) => await isDead(transport, { ...held, token }, limits)));
  return dead.every(Boolean);
}

/**
 * Asks with the token itself. Not `lookup-self`: a living token without Vault's `default` policy gets 403 there, like a dead one. Any living
 * token may read `sys/internal/ui/mounts`.
 */
async function isDead(
  transport: VaultTransport,
  { token, namespace }: Pick<HeldCredential, "namespace"> & { readonly token: Secret },
  limits: CallOptions,
): Promise<boolean> {
  const where = namespace === undefined ? {} : { namespace };
  try {
    await transport.request({ ...limits, ...where, method: "GET", path: "sys/internal/ui/mounts", token });
    return false;
  } catch (error) {
    if (error instanceof FailureError && error.reason === "denied") return true;
    if (error instanceof FailureError && error.reason === "too-large") return false;
    throw error;
  }
}
