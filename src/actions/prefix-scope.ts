import type { VaultNode } from "../vault/cluster.ts";
import { sysAuthMethods } from "../vault/endpoints/sys-auth-methods.ts";
import { sysMounts } from "../vault/endpoints/sys-mounts.ts";
import type { ActionContext } from "./action.ts";
import { nodeRead } from "./node-read.ts";

/** What the token for reading must permit to place a prefix. */
export const SCOPE_POLICY = [
  { path: "sys/mounts", capabilities: ["read"] },
  { path: "sys/auth", capabilities: ["read"] },
] as const;

/** Where a prefix of leases lies among the mounts, or why it may not be revoked. */
export type PrefixScope =
  | { readonly mount: string; readonly accessor: string; readonly logsOut: boolean; readonly why: undefined }
  | { readonly mount: undefined; readonly why: string };

/** Anything with which a prefix could mean another one than people read. */
const SURPRISING = /^\/|\/\/|(?:^|\/)\.{1,2}(?:\/|$)|[\s*+?#%\\\p{Cc}]/u;

/** Writes a prefix in its one form, with one slash at its end, as leases are listed. */
export function canonicalPrefix(prefix: string): string {
  return `${prefix.replace(/\/+$/u, "")}/`;
}

/**
 * Places a prefix among the mounts of the active node (token, `read`). A whole mount, several of them and an unknown one are refused: who
 * wants that disables the mount, by hand. A prefix below an auth method is let pass, and logs people out.
 */
export async function readPrefixScope(context: ActionContext, active: VaultNode, prefix: string): Promise<PrefixScope> {
  if (SURPRISING.test(prefix)) return refused("it has an empty or relative part, a wildcard or a space in it");
  const [secrets, methods] = await Promise.all([
    active.read(sysMounts, nodeRead(context)),
    active.read(sysAuthMethods, nodeRead(context)),
  ]);
  const mounts = [...secrets, ...methods];
  const wanted = canonicalPrefix(prefix);
  const covered = mounts.filter(({ path }) => canonicalPrefix(path).startsWith(wanted)).map(({ path }) => path);
  if (wanted === "/" || wanted === "auth/") return refused("it is everything, or every auth method");
  if (covered.length > 0) return refused(`it covers the whole of ${covered.sort().join(", ")}: name a role below it`);
  const [mount] = mounts
    .filter(({ path }) => wanted.startsWith(canonicalPrefix(path)))
    .sort((left, right) => right.path.length - left.path.length);
  if (mount === undefined) return refused("no secrets engine and no auth method is mounted there");
  return { mount: mount.path, accessor: mount.accessor, logsOut: mount.path.startsWith("auth/"), why: undefined };
}

function refused(why: string): PrefixScope {
  return { mount: undefined, why };
}
