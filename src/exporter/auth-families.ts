import type { AuthStats } from "../vault/auth/auth-stats.ts";
import type { VaultCluster } from "../vault/cluster.ts";
import type { Family, FamilyDeclaration } from "./collector.ts";
import { counter, withSamples } from "./family.ts";

/** How one family is read from the counts of logging in. */
type Reading = { readonly family: FamilyDeclaration; readonly read: (stats: AuthStats) => number };

const READINGS: readonly Reading[] = [
  {
    family: counter("sealwatch_auth_logins_total", "Tokens that sealwatch was given by logging in."),
    read: ({ logins }) => logins,
  },
  {
    family: counter("sealwatch_auth_login_failures_total", "Logins that failed."),
    read: ({ loginFailures }) => loginFailures,
  },
  {
    family: counter("sealwatch_auth_renewals_total", "Renewals of its own token."),
    read: ({ renewals }) => renewals,
  },
  {
    family: counter("sealwatch_auth_renewal_failures_total", "Renewals of its own token that failed."),
    read: ({ renewalFailures }) => renewalFailures,
  },
];

/** How logging in goes, for clusters with `auth`. */
export const AUTH_FAMILIES: readonly FamilyDeclaration[] = READINGS.map(({ family }) => family);

/** Gives these families' samples, since the start of the program. */
export function authFamilies(clusters: readonly VaultCluster[]): readonly Family[] {
  return READINGS.map(({ family, read }) =>
    withSamples(
      family,
      clusters.flatMap(({ name, authStats }) => {
        const stats = authStats?.();
        return stats === undefined ? [] : [{ labels: { vault_cluster: name }, value: read(stats) }];
      }),
    ),
  );
}
