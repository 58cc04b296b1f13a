import { z } from "zod";
import { FailureError, type FailureReason } from "../../lib/failure.ts";
import { MOST_REVOKED } from "../../lib/revocation-list.ts";
import type { PolicyRule } from "../../lib/vault-policy.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { ownOrigin } from "../../vault/endpoints/own-origin.ts";
import { tokenByAccessor, type FoundToken } from "../../vault/endpoints/token-by-accessor.ts";
import { readActive, readActivePreconditions } from "../active-preconditions.ts";
import type { ActionContext, Precondition } from "../action.ts";
import { defineAction } from "../action.ts";
import { ifThere } from "../if-there.ts";
import { findRevocationList, ListInput } from "../investigations-service.ts";
import { nodeRead } from "../node-read.ts";
import { orUnknown } from "../or-unknown.ts";
import { readPermittedPrecondition } from "../permitted-precondition.ts";
import { refusedCall } from "../refused-call.ts";
import type { ListedToken, RevocationList } from "../services.ts";

const CALL = { path: "auth/token/revoke-accessor", capabilities: ["update"] } as const satisfies PolicyRule;
const NAME = "vault.revoke-list";

const SHOWN = 10;

/**
 * Ends every token of a list that an investigation made, one call each. People approve the list by the digest of its file. One that ended
 * meanwhile is no failure, and a call that fails does not keep the others from being made; only looking each up again proves anything.
 */
export const revokeList = defineAction({
  name: NAME,
  summary: "Revoke every token of an investigation's list",
  danger: "destructive",
  effect: "idempotent",
  input: ListInput,
  output: z.object({
    /** Tokens of the list. */
    listed: z.int(),
    /** Calls that Vault answered well, which it also does for a token that is gone. */
    answered: z.int(),
    /** Calls that failed. */
    failed: z.int(),
  }),
  policy: [
    { path: "auth/token/lookup-accessor", capabilities: ["update"] },
    { path: "auth/token/lookup-self", capabilities: ["read"] },
  ],
  grants: [CALL],
  explain: ({ list }) => ({
    call: `PUT auth/token/revoke-accessor on the active node, once for each token of the list ${list}`,
    cost: `Whoever holds a token of the list ${list} is logged out at once, with every token that these made, and every secret that they were lent is revoked. It cannot be undone.`,
    proof: `Vault knows no token of the list ${list} any more when each is looked up again.`,
  }),
  preconditions: async (context, { list }) =>
    await readActivePreconditions(context, async (active) => await readFacts(context, active, list)),
  perform: async (context, { list: name }) => {
    const list = await requireList(context, name);
    const active = await readActive(context);
    const failures = await revokeEach(context, active, list.items);
    const [first] = failures;
    if (first !== undefined && failures.length === list.items.length) throw failures.find(isUnclear) ?? first;
    const { length: listed } = list.items;
    return { listed, answered: listed - failures.length, failed: failures.length };
  },
  probe: async (context, { list: name }) =>
    await orUnknown(context, async () => {
      const { items } = await requireList(context, name);
      const active = await readActive(context);
      const living = await readLiving(context, active, items);
      if (living.length === 0)
        return { verdict: "done", evidence: `${active.name} knows none of the ${items.length} tokens of ${name}` };
      const left = named(living.map(({ item }) => item));
      const evidence = `${active.name} still knows ${living.length} of the ${items.length} tokens of ${name}: ${left}`;
      return { verdict: "not-done", evidence };
    }),
  verifyWithinMs: 60_000,
  performWithinMs: 120_000,
});

async function readFacts(context: ActionContext, active: VaultNode, name: string): Promise<readonly Precondition[]> {
  const list = await findRevocationList(context, name);
  if (list === undefined || list.items.length === 0 || list.items.length > MOST_REVOKED) return [listFact(name, list)];
  const [living, own, permitted] = await Promise.all([
    readLiving(context, active, list.items),
    active.read(ownOrigin, nodeRead(context)),
    readPermittedPrecondition(context, active, [CALL], NAME),
  ]);
  const ours = list.items.filter(({ accessor }) => accessor === own.accessor);
  return [listFact(name, list), livingFact(list, living), rootFact(living), ownFact(ours), permitted];
}

/** The digest is what people agree to: another file of the same name is another list. */
function listFact(name: string, list: RevocationList | undefined): Precondition {
  if (list === undefined) return { name: "list", ok: false, value: null, text: `there is no list ${name}` };
  const { digest, items, cluster } = list;
  const value = { digest, cluster, tokens: items.length };
  const fact = { name: "list", ok: items.length > 0 && items.length <= MOST_REVOKED, value };
  if (items.length === 0) return { ...fact, text: `the list ${name} is empty` };
  const many =
    items.length > MOST_REVOKED ? `, which is more than ${MOST_REVOKED}: make smaller lists, or revoke by prefix` : "";
  const text = `the list ${name} (${digest.slice(0, 15)}…) is of ${cluster} and has ${count(items.length, "token")}${many}: ${named(items)}`;
  return { ...fact, text };
}

/** How many live changes by itself; that any does is what a call needs. */
function livingFact({ items }: RevocationList, living: readonly Living[]): Precondition {
  const ok = living.length > 0;
  const text = ok
    ? `${living.length} of ${items.length} live now`
    : "none of them lives any more: there is nothing to revoke";
  return { name: "living", ok, value: ok ? "some" : "none", text };
}

/** A root token that leaked is the first to be revoked, so that it is only said, and approved. */
function rootFact(living: readonly Living[]): Precondition {
  const roots = living.flatMap(({ item, token }) => (token.policies.includes("root") ? [item] : []));
  const text = roots.length === 0 ? "none of them is a root token" : `ROOT TOKENS are among them: ${named(roots)}`;
  return { name: "root", ok: true, value: roots.map(({ id }) => id), text };
}

function ownFact(ours: readonly ListedToken[]): Precondition {
  const own = ours.length > 0;
  const text = own
    ? `the token by which sealwatch reads this cluster is among them: ${named(ours)}; make a list without it`
    : "sealwatch's own token for reading is not among them";
  return { name: "not-own", ok: !own, value: own, text };
}

type Living = { readonly item: ListedToken; readonly token: FoundToken };

/** One after the other: a hundred look-ups at once are a load, and a node that hangs ends it at the first. */
async function readLiving(
  context: ActionContext,
  active: VaultNode,
  items: readonly ListedToken[],
): Promise<readonly Living[]> {
  const living: Living[] = [];
  for (const item of items) {
    const token = await ifThere(active.read(tokenByAccessor(item.accessor), nodeRead(context)));
    if (token !== undefined) living.push({ item, token });
  }
  return living;
}

async function revokeEach(
  { signal }: ActionContext,
  active: VaultNode,
  items: readonly ListedToken[],
): Promise<readonly FailureError[]> {
  const failures: FailureError[] = [];
  for (const { accessor } of items) {
    try {
      await active.revokeAccessor(accessor, { signal });
    } catch (error) {
      if (signal.aborted || !(error instanceof FailureError)) throw error;
      if (error.reason !== "not-found") failures.push(error);
    }
  }
  return failures;
}

/** By these a server says clearly that it revoked nothing. */
const CLEAR: readonly FailureReason[] = ["denied", "rate-limited", "refused", "sealed", "standby"];

function isUnclear({ reason }: FailureError): boolean {
  return !CLEAR.includes(reason);
}

/** What people agreed to was looked at right before; a file that is gone since then is a list that nobody agreed to. */
async function requireList(context: ActionContext, name: string): Promise<RevocationList> {
  const list = await findRevocationList(context, name);
  if (list !== undefined) return list;
  throw refusedCall(`cannot revoke the list ${name}: it is not there any more; make it anew`);
}

function named(items: readonly ListedToken[]): string {
  const shown = items.slice(0, SHOWN).map(({ id, displayName }) => `${id} "${displayName}"`);
  return [...shown, ...(items.length > SHOWN ? [`and ${items.length - SHOWN} more`] : [])].join(", ");
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
