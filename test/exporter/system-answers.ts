import { readFileSync } from "node:fs";

/** Reads a recorded body of `test/fixtures/vault/`; its README says where each is from. */
export function recorded(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`../fixtures/vault/${name}.json`, import.meta.url), "utf8")) as Record<
    string,
    unknown
  >;
}

/**
 * What a healthy cluster answers on the paths of `sys/` and to a look at the own token, of both products: which of them a product has is the
 * contract suite's subject, on real servers.
 */
export const SYSTEM_ANSWERS: Readonly<Record<string, unknown>> = {
  "sys/audit": recorded("openbao-audit"),
  "sys/mounts": { data: { "database/": { accessor: "database_3c4d", type: "database" } } },
  "sys/auth": { data: { "userpass/": { accessor: "auth_userpass_1a2b", type: "userpass" } } },
  "sys/key-status": recorded("openbao-key-status"),
  "sys/generate-root-token/attempt": recorded("openbao-generate-root-token-attempt"),
  "sys/rotate/root/init": recorded("openbao-rotate-root-init"),
  "sys/rotate/recovery/init": recorded("openbao-rotate-root-init"),
  "sys/generate-root/attempt": recorded("vault-generate-root-attempt"),
  "sys/rekey/init": recorded("vault-rekey-init"),
  "sys/rekey-recovery-key/init": recorded("vault-rekey-init"),
  "sys/quotas/rate-limit?list=true": recorded("openbao-quotas-list"),
  "sys/quotas/rate-limit/global": recorded("openbao-quota-global"),
  "sys/quotas/rate-limit/a.b-c_d": recorded("openbao-quota-sys"),
  "sys/quotas/config": recorded("openbao-quotas-config"),
  "sys/seal-backend-status": recorded("vault-seal-backend-status"),
  "sys/health": recorded("vault-enterprise-health"),
  "sys/license/status": recorded("vault-enterprise-license-status"),
  "sys/replication/status": recorded("vault-enterprise-replication-primary"),
  "auth/token/lookup-self": recorded("openbao-lookup-self"),
};
