import { suggestion } from "../../lib/nearest.ts";
import { EXIT, type Io } from "../io.ts";
import { actions, checks } from "../../actions/registry.ts";
import { policyFor } from "../../actions/policy.ts";
import { createCollectors } from "../../exporter/registry.ts";
import { mergePolicy, renderPolicy, type PolicyRule } from "../../lib/vault-policy.ts";
import type { Settings } from "../../app/load-settings.ts";

/** Which token a policy is for: the one that reads, the one that the runbooks' actions use, or one for all. */
export const POLICY_PARTS = ["all", "exporter", "runbooks"] as const;
export type PolicyPart = (typeof POLICY_PARTS)[number];

/** Gives the policy of exactly the enabled collectors and the runbooks in use, as HCL for Vault and OpenBao. */
export function policyText({ config, runbooks }: Settings, part: PolicyPart): string {
  const collectors = createCollectors({ destinationsOf: () => [], enabled: config.exporter.collectors });
  const reading: readonly PolicyRule[] = part === "runbooks" ? [] : collectors.flatMap(({ policy }) => policy);
  const running =
    part === "exporter"
      ? []
      : policyFor({ runbooks: [...runbooks.values()].map(({ runbook }) => runbook), checks, actions });
  const header = `# sealwatch policy ${part}: exactly the enabled collectors and the runbooks in use\n`;
  return header + renderPolicy(mergePolicy([...reading, ...running]));
}

/** Prints the policy, or says which parts there are. */
export function printPolicy(io: Io, settings: Settings, part: string): number {
  const known = POLICY_PARTS.find((candidate) => candidate === part);
  if (known === undefined) {
    io.err(`sealwatch policy: there is no part "${part}"${suggestion(part, POLICY_PARTS)}`);
    return EXIT.badInput;
  }
  io.out(policyText(settings, known).trimEnd());
  return EXIT.fine;
}
