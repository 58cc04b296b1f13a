import { z } from "zod";
import type { PolicyRule } from "../../lib/vault-policy.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { ownOrigin } from "../../vault/endpoints/own-origin.ts";
import { tokenByAccessor, type FoundToken } from "../../vault/endpoints/token-by-accessor.ts";
import { readActive, readActivePreconditions } from "../active-preconditions.ts";
import type { ActionContext, Precondition } from "../action.ts";
import { defineAction } from "../action.ts";
import { ifThere } from "../if-there.ts";
import { nodeRead } from "../node-read.ts";
import { orUnknown } from "../or-unknown.ts";
import { readPermittedPrecondition } from "../permitted-precondition.ts";
import { refusedCall } from "../refused-call.ts";

const CALL = { path: "auth/token/revoke-accessor", capabilities: ["update"] } as const satisfies PolicyRule;
const NAME = "vault.revoke-accessor";

/** So much of an accessor tells people which one it is, and is of no use to others. */
const SHOWN = 6;

const Input = z.strictObject({
  accessor: z
    .string()
    .regex(/^(?!(?:hv[sbr]|[sbr])[.])[\w.-]{1,100}$/u, "the accessor of a token (never the token itself)"),
  /** Says that the token may be a root token. */
  root: z.boolean().default(false),
});
type Input = z.infer<typeof Input>;

/**
 * Ends a token by its accessor, with the tokens that it made and all their leases. Vault answers well for an accessor that nobody has, so
 * that only looking it up again proves anything.
 */
export const revokeAccessor = defineAction({
  name: NAME,
  summary: "Revoke a token by its accessor",
  danger: "disruptive",
  effect: "once",
  input: Input,
  output: z.object({ display_name: z.string(), path: z.string() }),
  policy: [
    { path: "auth/token/lookup-accessor", capabilities: ["update"] },
    { path: "auth/token/lookup-self", capabilities: ["read"] },
  ],
  grants: [CALL],
  explain: ({ accessor }) => ({
    call: `PUT auth/token/revoke-accessor on the active node, for ${shown(accessor)}`,
    cost: `Whoever holds the token of ${shown(accessor)} is logged out at once, with every token that it made, and every secret that these were lent is revoked.`,
    proof: `Vault knows no token of ${shown(accessor)} any more when it is looked up again.`,
  }),
  preconditions: async (context, input) =>
    await readActivePreconditions(context, async (active) => await readFacts(context, active, input)),
  perform: async (context, { accessor, root }) => {
    const active = await readActive(context);
    const found = await active.read(tokenByAccessor(accessor), nodeRead(context));
    if (isRoot(found) && !root)
      throw refusedCall(`cannot revoke ${shown(accessor)}: it is a root token; say so with \`root: true\``);
    await active.revokeAccessor(accessor, { signal: context.signal });
    return { display_name: found.displayName, path: found.path };
  },
  probe: async (context, { accessor }) =>
    await orUnknown(context, async () => {
      const active = await readActive(context);
      const found = await ifThere(active.read(tokenByAccessor(accessor), nodeRead(context)));
      if (found === undefined)
        return { verdict: "done", evidence: `${active.name} knows no token of ${shown(accessor)}` };
      return { verdict: "not-done", evidence: `${active.name} still knows the token of ${shown(accessor)}` };
    }),
  verifyWithinMs: 20_000,
});

async function readFacts(
  context: ActionContext,
  active: VaultNode,
  { accessor, root }: Input,
): Promise<readonly Precondition[]> {
  const [found, own, permitted] = await Promise.all([
    ifThere(active.read(tokenByAccessor(accessor), nodeRead(context))),
    active.read(ownOrigin, nodeRead(context)),
    readPermittedPrecondition(context, active, [CALL], NAME),
  ]);
  return [tokenFact(accessor, found), rootFact(found, root), ownFact(own.accessor === accessor), permitted];
}

function tokenFact(accessor: string, found: FoundToken | undefined): Precondition {
  const fact = { name: "token", ok: found !== undefined };
  if (found === undefined)
    return {
      ...fact,
      value: null,
      text: `no token has the accessor ${shown(accessor)}: it ended, was revoked, or is of another namespace`,
    };
  const { displayName, path, type, orphan } = found;
  const policies = [...found.policies].sort();
  return {
    ...fact,
    value: { display_name: displayName, path, type, orphan, policies },
    text: `${shown(accessor)} is "${displayName}", made at ${path}, with the policies ${policies.join(", ") || "none"}`,
  };
}

function rootFact(found: FoundToken | undefined, allowed: boolean): Precondition {
  const root = found !== undefined && isRoot(found);
  const text = root
    ? allowed
      ? "it is a ROOT token, and the step says that this is meant"
      : "it is a ROOT token, and the step does not say that this is meant (`root: true`)"
    : "it is no root token";
  return { name: "root", ok: !root || allowed, value: root, text };
}

function ownFact(own: boolean): Precondition {
  const text = own
    ? "it is the token by which sealwatch reads this cluster"
    : "it is not sealwatch's own token for reading";
  return { name: "not-own", ok: !own, value: own, text };
}

function isRoot({ policies }: FoundToken): boolean {
  return policies.includes("root");
}

function shown(accessor: string): string {
  return accessor.length <= SHOWN ? accessor : `${accessor.slice(0, SHOWN)}…`;
}
