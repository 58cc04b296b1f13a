import { suggestion } from "../../lib/nearest.ts";
import { EXIT, type Io } from "../io.ts";
import { actionPolicies, policyFor, readingPolicyFor } from "../../actions/policy.ts";
import { INVESTIGATION_POLICY } from "../../investigation/resolve-accessors.ts";
import { createCollectors } from "../../exporter/registry.ts";
import { mergePolicy, renderPolicy, type PolicyRule } from "../../lib/vault-policy.ts";
import { usedCollectors } from "../../app/exporter-setup.ts";
import type { Settings } from "../../app/load-settings.ts";
import { mintingCommands, mintingFor, type Minting } from "../policy/minting.ts";
import { operatorPolicy } from "../policy/operator-policy.ts";
import { operatorSetups } from "../policy/operator-setups.ts";
import { policySources } from "../policy/policy-sources.ts";

/**
 * Which token a policy is for: the one that reads (`exporter`, `runbooks`, or `all` for both), the login of `clusters[].operator`, those that
 * are minted for approved calls, or that of whoever searches audit logs.
 */
export const POLICY_PARTS = ["all", "exporter", "runbooks", "operator", "actions", "investigation"] as const;
export type PolicyPart = (typeof POLICY_PARTS)[number];

/** The parts that are one policy; `actions` is one for each action. */
type OnePolicy = Exclude<PolicyPart, "actions">;

/** Gives the rules of exactly the enabled collectors and the runbooks in use. */
export function policyRules(settings: Settings, part: OnePolicy): readonly PolicyRule[] {
  const { config } = settings;
  if (part === "operator") return operatorPolicy(operatorSetups(config));
  if (part === "investigation") return INVESTIGATION_POLICY;
  const collectors = createCollectors({ backups: [], enabled: [...usedCollectors(config)] });
  const reading: readonly PolicyRule[] = part === "runbooks" ? [] : collectors.flatMap(({ policy }) => policy);
  return mergePolicy([...reading, ...(part === "exporter" ? [] : runbookRules(settings))]);
}

/** Gives a part as HCL for Vault and OpenBao, `actions` as commands for a shell, with a line on what it is for. */
export function policyText(settings: Settings, part: PolicyPart): string {
  if (part === "actions") return actionsText(settings);
  const header = [`# sealwatch policy ${part}: ${PURPOSE[part]}`, ...notesFor(settings, part)];
  return `${header.join("\n")}\n${renderPolicy(policyRules(settings, part))}`;
}

const IN_USE = "exactly the enabled collectors and the runbooks in use";

const PURPOSE: Readonly<Record<OnePolicy, string>> = {
  all: IN_USE,
  exporter: IN_USE,
  runbooks: IN_USE,
  operator: "what the login of clusters[].operator may do: mint a token for an approved call, and end",
  investigation:
    "what `sealwatch audit-log search --token-file` needs for --hash-of and --list; for people, for as long as it takes",
};

function notesFor({ config: { clusters } }: Settings, part: OnePolicy): readonly string[] {
  if (part === "operator") return OPERATOR_NOTES;
  if (part === "investigation") return [];
  const minting = clusters.flatMap(({ name, operator }) => (operator === undefined ? [] : [name]));
  const mixed = minting.length > 0 && minting.length < clusters.length && part !== "exporter";
  return [
    ...(clusters.some(({ auth }) => auth !== undefined) ? [OWN_TOKEN] : []),
    ...(mixed
      ? [`# with the calls of actions, which ${minting.join(", ")} mints for: leave those lines out there`]
      : []),
  ];
}

/** What a token needs for its own life is in Vault's `default` policy, which every token has unless its role forbids it. */
const OWN_TOKEN =
  "# for auth: lookup-self, renew-self and revoke-self come with the `default` policy; leave it on the role (no token_no_default_policy)";

const OPERATOR_NOTES = [
  "# give it to the role of clusters[].operator.auth, with token_ttl=5m token_max_ttl=5m token_no_default_policy=true token_type=service",
  "# and no token_num_uses: such tokens, and batch tokens, mint nothing",
];

/** One token for all calls must permit them; where every cluster mints, the reading token changes nothing. */
function runbookRules(settings: Settings): readonly PolicyRule[] {
  const minted = settings.config.clusters.every(({ operator }) => operator !== undefined);
  return minted ? readingPolicyFor(policySources(settings)) : policyFor(policySources(settings));
}

function mintings(settings: Settings): readonly Minting[] {
  const used = actionPolicies(policySources(settings));
  return operatorSetups(settings.config).map((setup) => mintingFor(setup, used));
}

function actionsText(settings: Settings): string {
  const setups = operatorSetups(settings.config);
  const parts = mintings(settings).map((minting, index) => {
    const { program = "vault", clusters = [] } = setups[index] ?? {};
    const where = clusters.length === 0 ? "any cluster with clusters[].operator" : clusters.join(", ");
    return `# for ${where}\n\n${mintingCommands(minting, program)}`;
  });
  return `# sealwatch policy actions: one policy for each action in use, and the token role that mints with them\n${parts.join("\n")}`;
}

/** Prints a part as text or JSON, or says which parts there are. */
export function printPolicy(io: Io, settings: Settings, part: string, json: boolean): number {
  const known = POLICY_PARTS.find((candidate) => candidate === part);
  if (known === undefined) {
    io.err(`sealwatch policy: there is no part "${part}"${suggestion(part, POLICY_PARTS)}`);
    return EXIT.badInput;
  }
  const data = (): unknown => (known === "actions" ? mintings(settings) : policyRules(settings, known));
  io.out(json ? JSON.stringify(data(), undefined, 2) : policyText(settings, known).trimEnd());
  return EXIT.fine;
}
