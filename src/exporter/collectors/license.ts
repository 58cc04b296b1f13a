import { healthLicense, licenseStatus } from "../../vault/endpoints/sys-license.ts";
import { activeProbe } from "../active-probe.ts";
import { callBudget } from "../call-budget.ts";
import type { Collector } from "../collector.ts";
import { gauge, withSamples, withValue } from "../family.ts";
import { orNoted } from "../or-noted.ts";

const SHARE = 0.4;

const ENTERPRISE = "Vault Enterprise only.";
const expires = gauge(
  "sealwatch_license_expiry_timestamp_seconds",
  `Unix time when the licence expires. ${ENTERPRISE}`,
);
const terminates = gauge(
  "sealwatch_license_termination_timestamp_seconds",
  `Unix time when Vault stops to work without another licence. ${ENTERPRISE}`,
);
const terminated = gauge(
  "sealwatch_license_terminated",
  `1 if Vault says that the licence is terminated, 0 if not. ${ENTERPRISE}`,
);
const FAMILIES = [expires, terminates, terminated];

/** How long the licence of Vault Enterprise lasts, from the active node; other editions and OpenBao need none. */
export const license: Collector = {
  name: "license",
  help: "The licence of Vault Enterprise, from the active node.",
  families: FAMILIES,
  policy: [{ path: "sys/license/status", capabilities: ["read"] }],
  async collect(context) {
    const { node, health } = await activeProbe(context);
    if (health?.enterprise !== true) return FAMILIES.map((family) => withSamples(family, []));
    const budget = callBudget(context, SHARE);
    const [status, said] = await Promise.all([
      orNoted(context, node.read(licenseStatus, budget)),
      orNoted(context, node.read(healthLicense, budget)),
    ]);
    return [
      withValue(expires, status?.expiresAtSeconds ?? said?.expiresAtSeconds),
      withValue(terminates, status?.terminatesAtSeconds),
      withValue(terminated, said?.terminated === undefined ? undefined : Number(said.terminated)),
    ];
  },
};
