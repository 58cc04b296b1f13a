import type { VaultRequest } from "./transport.ts";

/**
 * Paths below `sys/` that only the root namespace has. OpenBao answers 400 when one of them is called with a namespace header (its
 * `restrictedSysAPIs`), Vault Enterprise refuses them too (its "restricted endpoints"); those from `health` on speak of the whole server.
 */
const ROOT_ONLY = new Set(
  (
    "audit audit-hash config decode-token generate-recovery-token generate-root generate-root-token host-info in-flight-req init " +
    "key-status loggers managed-keys metrics monitor pprof quotas raw rekey rekey-recovery-key replication rotate seal sealwrap " +
    "step-down storage unseal health ha-status leader license seal-backend-status seal-status version-history"
  ).split(" "),
);

/** Tells whether a path (below `/v1/`) is the root namespace's alone. */
export function isRootOnly(path: string): boolean {
  const [root, part = ""] = path.split("/");
  return root === "sys" && ROOT_ONLY.has(part);
}

/**
 * Gives the namespace to send with a request, or undefined for none: its own, else the cluster's for what a token is needed for; never
 * on a path that only the root namespace has. `root` is no header at all.
 */
export function requestNamespace(
  { path, token, namespace }: Pick<VaultRequest, "path" | "token" | "namespace">,
  ofCluster: string | undefined,
): string | undefined {
  if (isRootOnly(path)) return undefined;
  const chosen = namespace ?? (token === "none" ? undefined : ofCluster);
  const name = chosen?.replaceAll(/^\/+|\/+$/gu, "");
  return name === "" || name === "root" ? undefined : name;
}
