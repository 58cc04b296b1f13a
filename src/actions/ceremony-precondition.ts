import { FailureError } from "../lib/failure.ts";
import type { PolicyRule } from "../lib/vault-policy.ts";
import type { VaultNode } from "../vault/cluster.ts";
import type { Endpoint } from "../vault/endpoint.ts";
import {
  generateRoot,
  generateRootToken,
  rekey,
  rotateRoot,
  type CeremonyStatus,
} from "../vault/endpoints/key-ceremonies.ts";
import type { ActionContext, Precondition } from "./action.ts";
import { nodeRead } from "./node-read.ts";

/** What the token for reading must permit to see ceremonies on OpenBao; Vault before 2.0 tells them without a token. */
export const CEREMONY_POLICY = [
  { path: generateRootToken.path, capabilities: ["read"] },
  { path: rotateRoot.path, capabilities: ["read"] },
] as const satisfies readonly PolicyRule[];

/**
 * Says whether key holders are in the middle of a ceremony (new key shares, a root token), which nothing should change the keys under. One
 * that cannot be seen (an older server, a policy without the path) is let pass, and said.
 */
export async function readCeremonyPrecondition(context: ActionContext, active: VaultNode): Promise<Precondition> {
  const vault = (await context.cluster.product(nodeRead(context))) === "vault";
  const [root, shares] = await Promise.all([
    read(context, active, vault ? generateRoot : generateRootToken),
    read(context, active, vault ? rekey : rotateRoot),
  ]);
  const fact = { name: "ceremony", value: { root_token: wordOf(root), key_shares: wordOf(shares) } };
  const open = [
    ...(root?.started === true ? ["a root token"] : []),
    ...(shares?.started === true ? ["key shares"] : []),
  ];
  if (open.length > 0)
    return {
      ...fact,
      ok: false,
      text: `key holders are making ${open.join(" and ")} now: let them end or cancel it first`,
    };
  if (root === undefined || shares === undefined)
    return {
      ...fact,
      ok: true,
      text: "it could not be seen everywhere whether key holders are in a ceremony: ask them",
    };
  return { ...fact, ok: true, text: "no key ceremony is under way" };
}

async function read(
  context: ActionContext,
  active: VaultNode,
  endpoint: Endpoint<CeremonyStatus>,
): Promise<CeremonyStatus | undefined> {
  try {
    return await active.read(endpoint, nodeRead(context));
  } catch (error) {
    if (context.signal.aborted || !(error instanceof FailureError)) throw error;
    const hidden = error.reason === "not-found" || error.reason === "refused" || error.reason === "denied";
    if (hidden) return undefined;
    throw error;
  }
}

function wordOf(status: CeremonyStatus | undefined): string {
  if (status === undefined) return "unseen";
  return status.started ? "started" : "none";
}
