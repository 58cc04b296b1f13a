import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

/** CeremonyStatus is how far a key ceremony is. Its nonce, one-time password and encoded token are never read. */
export type CeremonyStatus = {
  readonly started: boolean;
  /** Key shares given so far. */
  readonly progress: number;
  /** Key shares that it takes. */
  readonly required: number;
};

const Status = z.object({ started: z.boolean(), progress: z.number().default(0), required: z.number() });

/** OpenBao's newer paths answer in an envelope, all others without one. */
const Answer: z.ZodType<CeremonyStatus> = z.union([z.object({ data: Status }).transform(({ data }) => data), Status]);

/** `GET sys/generate-root-token/attempt` (OpenBao ≥ 2.6, `read`): whether a root token is being generated. */
export const generateRootToken = ceremony("sys/generate-root-token/attempt", "read");

/** `GET sys/generate-root/attempt` (Vault, OpenBao < 2.5.3): the same. Without a token before Vault 2.0; after it with one (`read`). */
export const generateRoot = ceremony("sys/generate-root/attempt", "none");

/**
 * `GET sys/rotate/root/init` (OpenBao, `read`): whether the key shares are being replaced. Ask the active node: a standby answers from its
 * own memory, which knows of nothing.
 */
export const rotateRoot = ceremony("sys/rotate/root/init", "read");

/** `GET sys/rekey/init` (Vault, OpenBao < 2.5): the same. Without a token before Vault 2.0; after it with one (`read`). */
export const rekey = ceremony("sys/rekey/init", "none");

/** `GET sys/rotate/recovery/init` (OpenBao, `read`): whether the recovery keys are being replaced; 400 without auto-unseal. */
export const rotateRecovery = ceremony("sys/rotate/recovery/init", "read");

/** `GET sys/rekey-recovery-key/init` (Vault, OpenBao < 2.5): the same. Without a token before Vault 2.0; after it with one (`read`). */
export const rekeyRecoveryKey = ceremony("sys/rekey-recovery-key/init", "none");

function ceremony(path: string, token: Endpoint<CeremonyStatus>["token"]): Endpoint<CeremonyStatus> {
  return { path, token, answer: Answer };
}
