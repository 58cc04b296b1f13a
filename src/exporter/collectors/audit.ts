import type { Clock } from "../../lib/clock.ts";
import { toFailure, type Failure, type FailureReason } from "../../lib/failure.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { sysAudit, type AuditDevice } from "../../vault/endpoints/sys-audit.ts";
import { tokenLookupSelf } from "../../vault/endpoints/token-lookup-self.ts";
import type { CallOptions } from "../../vault/transport.ts";
import { callBudget } from "../call-budget.ts";
import type { Collector, Family } from "../collector.ts";
import { gauge, withSamples, withValue } from "../family.ts";
import { orNoted } from "../or-noted.ts";

const SHARE = 0.4;

/** A healthy node answers in milliseconds; what waits this long waits for a disk or a socket. */
const SLOW_MS = 1000;

/** How Vault answers when no audit device could write (500), or when one never returns (nothing). */
const AS_IF_UNAUDITED: readonly FailureReason[] = ["server-error", "timeout"];

const CHECK = "one small read with our token (auth/token/lookup-self) on the active node, which Vault audits first";
const devices = gauge("sealwatch_audit_devices", "Audit devices; 0 when nothing is audited.");
const devicesByType = gauge("sealwatch_audit_devices_by_type", "Audit devices of each kind (file, socket, syslog).", [
  "device_type",
]);
const suspected = gauge(
  "sealwatch_audit_suspected",
  `1 if auditing seems to fail, 0 if not: ${CHECK}, was answered with 500, not within two fifths of the scrape's time, or only after 1 s or more. One failing device of several does not show. No sample when the read failed for another reason (denied, rate limit, no connection).`,
);
const checkSuccess = gauge("sealwatch_audit_check_success", `1 if ${CHECK}, was answered, 0 if not.`);
const checkDuration = gauge("sealwatch_audit_check_duration_seconds", `How long ${CHECK}, took, answered or not.`);

/** How the one audited read went. */
type Check = { readonly failure: Failure | undefined; readonly durationMs: number };

/** Where Vault writes what was asked of it, and whether it still can: it answers nobody when it cannot. */
export const audit: Collector = {
  name: "audit",
  help: "Audit devices, and whether an audited read still works, from the active node.",
  families: [devices, devicesByType, suspected, checkSuccess, checkDuration],
  policy: [
    { path: "sys/audit", capabilities: ["read", "sudo"] },
    { path: "auth/token/lookup-self", capabilities: ["read"] },
  ],
  async collect(context) {
    const active = await context.active();
    const budget = callBudget(context, SHARE);
    const [list, check] = await Promise.all([
      orNoted(context, active.read(sysAudit, budget)),
      checkAudit(active, context.clock, budget),
    ]);
    if (check.failure !== undefined && isSuspected(check) === undefined) context.note(check.failure);
    return [...(list ? deviceFamilies(list) : []), ...checkFamilies(check)];
  },
};

async function checkAudit(node: VaultNode, clock: Clock, budget: CallOptions): Promise<Check> {
  const startedAt = clock.now();
  const failure = await node.read(tokenLookupSelf, budget).then(() => undefined, toFailure);
  return { failure, durationMs: clock.now() - startedAt };
}

/** Undefined when the read says nothing of auditing. */
function isSuspected({ failure, durationMs }: Check): boolean | undefined {
  if (failure === undefined) return durationMs >= SLOW_MS;
  return AS_IF_UNAUDITED.includes(failure.reason) ? true : undefined;
}

function deviceFamilies(list: readonly AuditDevice[]): readonly Family[] {
  const byType = Object.groupBy(list, ({ type }) => type);
  const samples = Object.entries(byType).map(([device_type, held = []]) => ({
    labels: { device_type },
    value: held.length,
  }));
  return [withValue(devices, list.length), withSamples(devicesByType, samples)];
}

function checkFamilies(check: Check): readonly Family[] {
  const verdict = isSuspected(check);
  return [
    withValue(suspected, verdict === undefined ? undefined : Number(verdict)),
    withValue(checkSuccess, Number(check.failure === undefined)),
    withValue(checkDuration, check.durationMs / 1000),
  ];
}
