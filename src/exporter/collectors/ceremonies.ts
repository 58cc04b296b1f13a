import { FailureError } from "../../lib/failure.ts";
import type { Product, VaultNode } from "../../vault/cluster.ts";
import type { Endpoint } from "../../vault/endpoint.ts";
import {
  generateRoot,
  generateRootToken,
  rekey,
  rekeyRecoveryKey,
  rotateRecovery,
  rotateRoot,
  type CeremonyStatus,
} from "../../vault/endpoints/key-ceremonies.ts";
import type { CallOptions } from "../../vault/transport.ts";
import { activeProbe } from "../active-probe.ts";
import { callBudget } from "../call-budget.ts";
import type { CollectContext, Collector, Family, FamilyDeclaration } from "../collector.ts";
import { gauge, withSamples } from "../family.ts";
import { orNoted } from "../or-noted.ts";

/** Two calls one after the other, where an old OpenBao has only the older path. */
const SHARE = 0.25;

const WHICH =
  "ceremony is root-token (a root token is generated), rekey (new key shares) or recovery-rekey (new recovery keys; only with auto-unseal).";
const inProgress = gauge("sealwatch_ceremony_in_progress", `1 if it was started and is not done, 0 if not. ${WHICH}`, [
  "ceremony",
]);
const progress = gauge("sealwatch_ceremony_progress", `Key shares given so far, 0 when none is in progress. ${WHICH}`, [
  "ceremony",
]);
const required = gauge("sealwatch_ceremony_required", `Key shares that it takes. ${WHICH}`, ["ceremony"]);

/** A ceremony and where each product tells of it; OpenBao's older path comes last. */
type Ceremony = {
  readonly name: "root-token" | "rekey" | "recovery-rekey";
  readonly openbao: Endpoint<CeremonyStatus>;
  readonly vault: Endpoint<CeremonyStatus>;
};

const ROOT_TOKEN: Ceremony = { name: "root-token", openbao: generateRootToken, vault: generateRoot };
const REKEY: Ceremony = { name: "rekey", openbao: rotateRoot, vault: rekey };
const RECOVERY_REKEY: Ceremony = { name: "recovery-rekey", openbao: rotateRecovery, vault: rekeyRecoveryKey };
const CEREMONIES = [ROOT_TOKEN, REKEY, RECOVERY_REKEY];

/** Whether somebody is making a root token or new keys now, from the active node: nobody should unannounced. */
export const ceremonies: Collector = {
  name: "ceremonies",
  help: "Root-token generation and rekeying in progress, from the active node; never a nonce, an OTP or an encoded token.",
  families: [inProgress, progress, required],
  policy: CEREMONIES.flatMap(({ openbao, vault }) => [openbao, vault]).map(({ path }) => ({
    path,
    capabilities: ["read"],
  })),
  async collect(context) {
    const seen = await readCeremonies(context);
    return [
      perCeremony(inProgress, seen, ({ started }) => Number(started)),
      perCeremony(progress, seen, (status) => status.progress),
      perCeremony(required, seen, (status) => status.required),
    ];
  },
};

/** A ceremony's name with how far it is. */
type Seen = { readonly name: Ceremony["name"]; readonly status: CeremonyStatus };

async function readCeremonies(context: CollectContext): Promise<readonly Seen[]> {
  const { node, health, seal } = await activeProbe(context);
  const budget = callBudget(context, SHARE);
  const product = await context.cluster.product(budget);
  const asked = seal?.recoverySeal === true ? CEREMONIES : [ROOT_TOKEN, REKEY];
  const read = asked.map(async (ceremony) => {
    const endpoints = endpointsOf(ceremony, product, health?.version ?? "");
    const status = await orNoted(context, firstAnswer(node, endpoints, budget));
    return status === undefined ? [] : [{ name: ceremony.name, status }];
  });
  return (await Promise.all(read)).flat();
}

function perCeremony(
  family: FamilyDeclaration,
  seen: readonly Seen[],
  value: (status: CeremonyStatus) => number,
): Family {
  const samples = seen.map(({ name, status }) => ({ labels: { ceremony: name }, value: value(status) }));
  return withSamples(family, samples);
}

/** Vault 2.0 began to ask for a token; a version that is hidden is taken for a new one, because an old one ignores the token. */
function endpointsOf(
  { openbao, vault }: Ceremony,
  product: Product,
  version: string,
): readonly [Endpoint<CeremonyStatus>, ...Endpoint<CeremonyStatus>[]] {
  if (product !== "vault") return [openbao, vault];
  return /^1[.]/u.test(version) ? [vault] : [{ ...vault, token: "read" }];
}

/** Asks one path after the other, as long as the product does not have it. */
async function firstAnswer(
  node: VaultNode,
  endpoints: readonly Endpoint<CeremonyStatus>[],
  budget: CallOptions,
): Promise<CeremonyStatus> {
  for (const endpoint of endpoints) {
    try {
      return await node.read(endpoint, budget);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }
  const paths = endpoints.map(({ path }) => path).join(" nor ");
  throw new FailureError({
    reason: "not-found",
    retryable: false,
    message: `cannot see key ceremonies on ${node.name}: it has neither ${paths}; upgrade it (OpenBao 2.6 and later have the first), or leave ceremonies out of exporter.collectors`,
  });
}

/** 404 when the path is not there, 405 when it was switched off. */
function isAbsent(error: unknown): boolean {
  return error instanceof FailureError && (error.reason === "not-found" || error.reason === "refused");
}
