import { FailureError } from "../../lib/failure.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { sealBackendStatus, type SealBackendStatus } from "../../vault/endpoints/sys-seal-backend-status.ts";
import type { CallOptions } from "../../vault/transport.ts";
import { activeProbe } from "../active-probe.ts";
import { callBudget } from "../call-budget.ts";
import type { Collector, NativeSample } from "../collector.ts";
import { gauge, withSamples, withValue } from "../family.ts";
import { orNoted } from "../or-noted.ts";

const SHARE = 0.4;
const NATIVE = "seal_unreachable_time";

const LATE = "Vault looks every 10 minutes, and every minute while it fails.";
const healthy = gauge(
  "sealwatch_kms_healthy",
  `1 if the active node could use its KMS or HSM when it last looked, 0 if not. ${LATE} No sample with Shamir, nor from OpenBao in the first 10 minutes of an active node.`,
);
const unreachable = gauge(
  "sealwatch_kms_unreachable_seconds",
  `How long the active node could not use its KMS or HSM, 0 when it can, from its own vault_seal_unreachable_time. ${LATE} No sample with Shamir, nor in the first 10 minutes of an active node.`,
);
const backendHealthy = gauge(
  "sealwatch_kms_backend_healthy",
  `1 if this one of several KMS or HSM can be used, 0 if not. ${LATE} Vault 1.15 and later; no sample with Shamir.`,
  ["backend"],
);
const FAMILIES = [healthy, unreachable, backendHealthy];

/** Whether the KMS, without which no node unseals again, can be used: as the active node sees it, with auto-unseal only. */
export const kms: Collector = {
  name: "kms",
  help: "The KMS or HSM that unseals the cluster, as the active node sees it.",
  families: FAMILIES,
  policy: [{ path: "sys/metrics", capabilities: ["read"] }],
  native: [NATIVE],
  async collect(context) {
    const { node, seal } = await activeProbe(context);
    if (seal?.recoverySeal !== true) return FAMILIES.map((family) => withSamples(family, []));
    const budget = callBudget(context, SHARE);
    const [native, status] = await Promise.all([
      orNoted(context, context.native()),
      orNoted(context, backendStatus(node, await context.cluster.product(budget), budget)),
    ]);
    const seconds = unreachableSeconds(native ?? []);
    const usable = status?.healthy ?? (seconds === undefined ? undefined : seconds === 0);
    return [
      withValue(healthy, usable === undefined ? undefined : Number(usable)),
      withValue(unreachable, seconds),
      withSamples(
        backendHealthy,
        (status?.backends ?? []).map((each) => ({ labels: { backend: each.name }, value: Number(each.healthy) })),
      ),
    ];
  },
};

/** Undefined from OpenBao and from Vault before 1.15, which do not have the path. */
async function backendStatus(
  node: VaultNode,
  product: string,
  budget: CallOptions,
): Promise<SealBackendStatus | undefined> {
  if (product !== "vault") return undefined;
  try {
    return await node.read(sealBackendStatus, budget);
  } catch (error) {
    if (error instanceof FailureError && error.reason === "not-found") return undefined;
    throw error;
  }
}

/** Vault counts it in milliseconds. */
function unreachableSeconds(native: readonly NativeSample[]): number | undefined {
  const sample = native.find(({ name }) => name === NATIVE);
  return sample === undefined ? undefined : sample.value / 1000;
}
