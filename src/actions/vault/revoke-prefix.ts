import { z } from "zod";
import type { Timestamp } from "../../lib/clock.ts";
import type { PolicyRule } from "../../lib/vault-policy.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { irrevocableLeaseIds } from "../../vault/endpoints/leases-irrevocable-ids.ts";
import { ownOrigin } from "../../vault/endpoints/own-origin.ts";
import { readActive, readActivePreconditions } from "../active-preconditions.ts";
import type { ActionContext, Precondition, Probe } from "../action.ts";
import { defineAction } from "../action.ts";
import { describeCount, LEASES_BELOW_POLICY, readLeasesBelow, shortened, type LeasesBelow } from "../leases-below.ts";
import { LEASES_SINCE_POLICY, readLeasesSince } from "../leases-since.ts";
import { nodeRead } from "../node-read.ts";
import { orUnknown } from "../or-unknown.ts";
import { readPermittedPrecondition } from "../permitted-precondition.ts";
import { canonicalPrefix, readPrefixScope, SCOPE_POLICY, type PrefixScope } from "../prefix-scope.ts";
import { refusedCall } from "../refused-call.ts";

const NAME = "vault.revoke-prefix";

/** People decide the same beyond it, and one list of a role that is larger costs the server more than the number is worth. */
const MANY = 5000;
/** To see that a number falls it must be a number: one list gives some fifty thousand. */
const COUNTED = 50_000;
const SHOWN_IRREVOCABLE = 3;
/** Leases that are looked up one by one. More that do not grow fewer are nobody's proof. */
const LOOKED_UP = 200;

const Input = z.strictObject({
  /** Exact, below a mount: `database/creds/readonly`. */
  prefix: z.string().min(1),
});
type Input = z.infer<typeof Input>;

/**
 * Revokes every lease below an exact prefix, in the background. The number of leases moves all the time, so that people approve the prefix
 * and a class (none, some, many) and only read the number.
 */
export const revokePrefix = defineAction({
  name: NAME,
  summary: "Revoke every lease below an exact prefix",
  danger: "destructive",
  effect: "once",
  input: Input,
  output: z.object({ prefix: z.string() }),
  policy: [
    ...SCOPE_POLICY,
    ...LEASES_BELOW_POLICY,
    { path: "sys/leases", capabilities: ["read", "sudo"] },
    ...LEASES_SINCE_POLICY,
    { path: "auth/token/lookup-self", capabilities: ["read"] },
  ],
  grants: [{ path: "sys/leases/revoke-prefix/*", capabilities: ["update", "sudo"] }],
  explain: ({ prefix }) => ({
    call: `PUT sys/leases/revoke-prefix/${canonicalPrefix(prefix).slice(0, -1)} on the active node, with sync: false`,
    cost: `Every secret that was lent below ${prefix} stops working, and every client that uses one fails until it gets another. Below auth/ every such login ends. It cannot be undone. New leases can be made meanwhile: stop their source first.`,
    proof: `The list of the leases below ${prefix} is empty, or has only such as were made after the call.`,
  }),
  preconditions: async (context, { prefix }) =>
    await readActivePreconditions(context, async (active) => await readFacts(context, active, prefix)),
  perform: async (context, { prefix }) => {
    const active = await readActive(context);
    const scope = await readPrefixScope(context, active, prefix);
    if (scope.mount === undefined)
      throw refusedCall(`cannot revoke below ${prefix}: ${scope.why}; correct the step's \`with\``);
    await active.revokePrefix(canonicalPrefix(prefix), { signal: context.signal });
    return { prefix: canonicalPrefix(prefix) };
  },
  probe: async (context, { prefix }, { at }) =>
    await orUnknown(context, async () => await lookForLeases(context, prefix, at)),
  // OpenBao revokes some hundred leases a second, and a slow backend far fewer.
  probeEveryMs: 10_000,
  verifyWithinMs: 600_000,
  performWithinMs: 120_000,
});

async function readFacts(context: ActionContext, active: VaultNode, prefix: string): Promise<readonly Precondition[]> {
  const scope = await readPrefixScope(context, active, prefix);
  // What may not be revoked is not counted either: a list of a whole mount is what hurts a server.
  if (scope.mount === undefined) return [scopeFact(prefix, scope)];
  const call: PolicyRule = {
    path: `sys/leases/revoke-prefix/${canonicalPrefix(prefix).slice(0, -1)}`,
    capabilities: ["update", "sudo"],
  };
  const [below, own, permitted] = await Promise.all([
    readLeasesBelow(context, active, { prefix: canonicalPrefix(prefix), atMost: MANY }),
    active.read(ownOrigin, nodeRead(context)),
    readPermittedPrecondition(context, active, [call], NAME),
  ]);
  const holdsOwn = `${own.path}/`.startsWith(canonicalPrefix(prefix));
  return [scopeFact(prefix, scope), leasesFact(prefix, below), ownFact(prefix, holdsOwn), permitted];
}

function scopeFact(prefix: string, scope: PrefixScope): Precondition {
  const value = { prefix: canonicalPrefix(prefix), mount: scope.mount ?? null };
  if (scope.mount === undefined)
    return { name: "scope", ok: false, value, text: `${prefix} may not be revoked: ${scope.why}` };
  const text = scope.logsOut
    ? `${prefix} lies below the auth method ${scope.mount}: these leases are logins, and REVOKING THEM LOGS PEOPLE AND PROGRAMS OUT`
    : `${prefix} lies below the secrets engine ${scope.mount}`;
  return { name: "scope", ok: true, value, text };
}

function leasesFact(prefix: string, below: LeasesBelow): Precondition {
  const value = below.count === 0 && !below.more ? "none" : below.count >= MANY || below.more ? "many" : "some";
  const samples = below.samples.length === 0 ? "" : `, for instance ${below.samples.join(", ")}`;
  const text =
    value === "none" ? `there is no lease below ${prefix}` : `${describeCount(below)} below ${prefix}${samples}`;
  return { name: "leases", ok: value !== "none", value, text };
}

function ownFact(prefix: string, own: boolean): Precondition {
  const text = own
    ? `sealwatch's own token for reading was made below ${prefix}: it would be revoked with the rest`
    : `sealwatch's own token for reading was not made below ${prefix}`;
  return { name: "not-own", ok: !own, value: own, text };
}

/**
 * The queue of revocations shows in numbers only: two counts, one after the other, tell one that works from one that was never begun. What
 * good clients got meanwhile, or one that a quota lets through once a minute, is none of those that were to be revoked.
 */
async function lookForLeases(context: ActionContext, prefix: string, since: Timestamp): Promise<Probe> {
  const active = await readActive(context);
  const at = { prefix: canonicalPrefix(prefix), atMost: COUNTED, samples: LOOKED_UP };
  const first = await readLeasesBelow(context, active, at);
  if (isNone(first)) return { verdict: "done", evidence: `${active.name} lists no lease below ${prefix}` };
  const irrevocable = await readIrrevocable(context, active, at.prefix);
  const second = await readLeasesBelow(context, active, at);
  if (isNone(second)) return { verdict: "done", evidence: `${active.name} lists no lease below ${prefix}` };
  const left = `${describeCount(second)} left below ${prefix} on ${active.name}${irrevocable}`;
  if (second.more) return { verdict: "unknown", evidence: `${left}; too many to see whether they grow fewer` };
  if (second.count < first.count) return { verdict: "unknown", evidence: `${left}, and falling` };
  const { older, newer } = await readLeasesSince(context, active, { ids: second.sampleIds, since });
  const young = older === 0 && irrevocable === "";
  if (young && newer === second.count)
    return { verdict: "done", evidence: `${left}, ${newer === 1 ? "" : "all "}made after the call` };
  if (young)
    return {
      verdict: "unknown",
      evidence: `${left}; ${newer} were made after the call, the others were not looked up`,
    };
  return { verdict: "not-done", evidence: `${left}, and not falling; new ones may be made as fast: stop their source` };
}

function isNone({ count, more }: LeasesBelow): boolean {
  return count === 0 && !more;
}

/** Leases that Vault gave up on stay in the list for ever; their secrets go on working in the backend. */
async function readIrrevocable(context: ActionContext, active: VaultNode, prefix: string): Promise<string> {
  const ids = (await active.read(irrevocableLeaseIds, nodeRead(context))).filter((id) => id.startsWith(prefix));
  if (ids.length === 0) return "";
  const named = ids.slice(0, SHOWN_IRREVOCABLE).map(shortened).join(", ");
  return `, ${ids.length} of them irrevocable (${named}): repair the backend's credentials first`;
}
