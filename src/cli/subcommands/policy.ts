import { suggestion } from "../../lib/nearest.ts";
import { EXIT, type Io } from "../io.ts";
import { actions, checks } from "../../actions/registry.ts";
import { policyFor } from "../../actions/policy.ts";
import { createCollectors } from "../../exporter/registry.ts";
import { mergePolicy, renderPolicy, type PolicyRule } from "../../lib/vault-policy.ts";
import { usedCollectors } from "../../app/exporter-setup.ts";
import type { Settings } from "../../app/load-settings.ts";

/** Which token a policy is for: the one that reads, the one that the runbooks' actions use, or one for all. */
export const POLICY_PARTS = ["all", "exporter", "runbooks"] as const;
export type PolicyPart = (typeof POLICY_PARTS)[number];

/** Gives the rules of exactly the enabled collectors and the runbooks in use. */
export function policyRules({ config, runbooks }: Settings, part: PolicyPart): readonly PolicyRule[] {
  const collectors = createCollectors({ backups: [], enabled: [...usedCollectors(config)] });
  const reading: readonly PolicyRule[] = part === "runbooks" ? [] : collectors.flatMap(({ policy }) => policy);
  const running =
    part === "exporter"
      ? []
      : policyFor({ runbooks: [...runbooks.values()].map(({ runbook }) => runbook), checks, actions });
  return mergePolicy([...reading, ...running]);
}

/** Gives the policy as HCL for Vault and OpenBao, with a line on what it is for. */
export function policyText(settings: Settings, part: PolicyPart): string {
  const header = [
    `# sealwatch policy ${part}: exactly the enabled collectors and the runbooks in use`,
    ...(settings.config.clusters.some(({ auth }) => auth !== undefined) ? [OWN_TOKEN] : []),
  ];
  return `${header.join("\n")}\n${renderPolicy(policyRules(settings, part))}`;
}

/** What a token needs for its own life is in Vault's `default` policy, which every token has unless its role forbids it. */
const OWN_TOKEN =
  "# for auth: lookup-self, renew-self and revoke-self come with the `default` policy; leave it on the role (no token_no_default_policy)";

/** Prints the policy as HCL or JSON, or says which parts there are. */
export function printPolicy(io: Io, settings: Settings, part: string, json: boolean): number {
  const known = POLICY_PARTS.find((candidate) => candidate === part);
  if (known === undefined) {
    io.err(`sealwatch policy: there is no part "${part}"${suggestion(part, POLICY_PARTS)}`);
    return EXIT.badInput;
  }
  io.out(json ? JSON.stringify(policyRules(settings, known), undefined, 2) : policyText(settings, known).trimEnd());
  return EXIT.fine;
}
