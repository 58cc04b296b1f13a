import { z } from "zod";
import type { FailureError } from "../../lib/failure.ts";
import type { PolicyRule } from "../../lib/vault-policy.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { sysKeyStatus } from "../../vault/endpoints/sys-key-status.ts";
import { readActive, readActivePreconditions } from "../active-preconditions.ts";
import type { ActionContext, Precondition, Probe } from "../action.ts";
import { defineAction } from "../action.ts";
import { CEREMONY_POLICY, readCeremonyPrecondition } from "../ceremony-precondition.ts";
import { nodeRead } from "../node-read.ts";
import { orUnknown } from "../or-unknown.ts";
import { readPermittedPrecondition } from "../permitted-precondition.ts";
import { refusedCall } from "../refused-call.ts";

const CALL = { path: "sys/rotate", capabilities: ["update", "sudo"] } as const satisfies PolicyRule;
const NAME = "vault.rotate-keyring";

/**
 * Gives storage a new encryption key. The step names the term of the key that is to be replaced (`vault.key-status` reads it), so that what
 * people approve says which rotation it is, and so that the proof compares two numbers and no clocks: the term counts up by one at each
 * rotation and never down. A rotation by somebody else or by Vault itself meanwhile changes the term, and with it voids the approval.
 */
export const rotateKeyring = defineAction({
  name: NAME,
  summary: "Rotate the key that encrypts storage",
  danger: "disruptive",
  effect: "once",
  input: z.strictObject({ term: z.int().min(1) }),
  output: z.object({ replaced_term: z.int() }),
  policy: [{ path: "sys/key-status", capabilities: ["read"] }, ...CEREMONY_POLICY],
  grants: [CALL],
  explain: ({ term }) => ({
    call: `PUT sys/rotate on the active node, while the key of term ${term} is in use`,
    cost: `What is written from now on is encrypted with a new key; the key of term ${term} stays, to read what it wrote. No key share is needed and nothing stops, but it cannot be undone.`,
    proof: `sys/key-status on the active node tells a term above ${term}.`,
  }),
  preconditions: async (context, { term }) =>
    await readActivePreconditions(context, async (active) => await readFacts(context, active, term)),
  perform: async (context, { term }) => {
    const active = await readActive(context);
    const { term: now } = await active.read(sysKeyStatus, nodeRead(context));
    if (now !== term) throw rotatedMeanwhile(term, now);
    await active.rotateKeyring({ signal: context.signal });
    return { replaced_term: term };
  },
  probe: async (context, { term }) => await orUnknown(context, async () => await lookAtTerm(context, term)),
  verifyWithinMs: 10_000,
});

async function readFacts(context: ActionContext, active: VaultNode, term: number): Promise<readonly Precondition[]> {
  const [keys, ceremony, permitted] = await Promise.all([
    active.read(sysKeyStatus, nodeRead(context)),
    readCeremonyPrecondition(context, active),
    readPermittedPrecondition(context, active, [CALL], NAME),
  ]);
  return [termFact(keys.term, term), ceremony, permitted];
}

function termFact(now: number, term: number): Precondition {
  const ok = now === term;
  const text = ok
    ? `the key in use is of term ${now}`
    : `the key in use is of term ${now}, and the step names term ${term}: it was rotated meanwhile, or never had that term`;
  return { name: "term", ok, value: now, text };
}

async function lookAtTerm(context: ActionContext, term: number): Promise<Probe> {
  const active = await readActive(context);
  const { term: now } = await active.read(sysKeyStatus, nodeRead(context));
  const evidence = `the key in use on ${active.name} is of term ${now}`;
  return { verdict: now > term ? "done" : "not-done", evidence };
}

function rotatedMeanwhile(term: number, now: number): FailureError {
  return refusedCall(
    `cannot rotate the key of term ${term}: the key in use is of term ${now} by now; look whether another rotation is wanted`,
  );
}
