import { z } from "zod";
import type { PolicyRule } from "../../lib/vault-policy.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { readActive, readActivePreconditions } from "../active-preconditions.ts";
import type { ActionContext, Precondition, Probe } from "../action.ts";
import { defineAction } from "../action.ts";
import { orUnknown } from "../or-unknown.ts";
import { readPermittedPrecondition } from "../permitted-precondition.ts";
import { requiredService } from "../required-service.ts";
import type { SnapshotTarget } from "../services.ts";

const CALL = { path: "sys/storage/raft/snapshot", capabilities: ["read"] } as const satisfies PolicyRule;
const NAME = "vault.snapshot-save";

/**
 * Saves a raft snapshot where the configuration says, whole or not at all: Vault answers 200 before it knows whether it can end it, so what
 * came is unpacked and every sum in it compared before the file gets its name.
 */
export const snapshotSave = defineAction({
  name: NAME,
  summary: "Save a checked raft snapshot",
  danger: "reversible",
  effect: "idempotent",
  input: z.strictObject({
    /** Of the file, which must not be there yet: it is by this name that it is found again. */
    name: z
      .string()
      .regex(/^[A-Za-z0-9][\w.-]{0,99}\.snap$/u, "a file name that ends in .snap, like before-upgrade.snap"),
  }),
  output: z.object({
    name: z.string(),
    bytes: z.int(),
    /** Of the whole file, in hex. */
    sha256: z.string(),
    /** The raft index that it holds everything up to. */
    index: z.int(),
    from: z.string(),
  }),
  policy: [],
  grants: [CALL],
  explain: ({ name }) => ({
    call: `GET sys/storage/raft/snapshot on the active node, into ${name}`,
    cost: `Two passes over all that is stored, by the active node. ${name} holds everything, encrypted, and the names of secrets in plain text: keep it as you keep the cluster.`,
    proof: `${name} is there, unpacks to its end, has the sum of every part and the seal that the server writes last.`,
  }),
  preconditions: async (context, { name }) =>
    await readActivePreconditions(context, async (active) => await readFacts(context, active, name)),
  perform: async (context, { name }) => {
    const { cluster, signal } = context;
    const target = targetOf(context);
    const active = await readActive(context);
    const { body } = await active.streamRaftSnapshot({ signal });
    try {
      const { bytes, sha256, index } = await target.save(cluster.name, name, body, { signal });
      return { name, bytes, sha256, index, from: active.name };
    } catch (error) {
      await leave(body);
      throw error;
    }
  },
  probe: async (context, { name }) => await orUnknown(context, async () => await lookForFile(context, name)),
  probeTimeoutMs: 300_000,
  verifyWithinMs: 60_000,
  performWithinMs: 3_600_000,
});

async function readFacts(context: ActionContext, active: VaultNode, name: string): Promise<readonly Precondition[]> {
  const [free, permitted] = await Promise.all([
    readFreeFact(context, name),
    readPermittedPrecondition(context, active, [CALL], NAME),
  ]);
  return [targetFact(context), free, permitted];
}

function targetFact({ cluster, services }: ActionContext): Precondition {
  const where = services.snapshots?.describe(cluster.name);
  const text =
    where === undefined
      ? `nowhere to save it: give ${cluster.name} a directory in clusters[].backups`
      : `it is saved in ${where}`;
  return { name: "target", ok: where !== undefined, value: where ?? null, text };
}

async function readFreeFact({ cluster, services, signal }: ActionContext, name: string): Promise<Precondition> {
  const held = await services.snapshots?.find(cluster.name, name, { signal });
  const text = held === undefined ? `there is no whole ${name} yet` : `${name} is there already: choose another name`;
  return { name: "free", ok: held === undefined, value: held === undefined, text };
}

/** A target that refuses before it reads leaves the server sending: beginning to read and going away ends the call. */
async function leave(body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const _ of body) break;
  } catch {
    // It had ended already, by the very failure that is thrown.
  }
}

/** The name was free when people agreed to it, and no file gets a name before it is whole: one that is there is this call's. */
async function lookForFile(context: ActionContext, name: string): Promise<Probe> {
  const { cluster, signal } = context;
  const found = await targetOf(context).find(cluster.name, name, { signal });
  if (found === undefined) return { verdict: "not-done", evidence: `there is no whole ${name}` };
  const { bytes, sha256, index } = found;
  return {
    verdict: "done",
    evidence: `${name} was read again: ${bytes} bytes, every sum right, up to raft index ${index}, SHA-256 ${sha256}`,
  };
}

function targetOf({ cluster, services }: ActionContext): SnapshotTarget {
  return requiredService(services.snapshots, {
    task: `save a snapshot of ${cluster.name}`,
    lack: "nowhere is configured to save it",
    advice: "give it a directory in clusters[].backups",
  });
}
