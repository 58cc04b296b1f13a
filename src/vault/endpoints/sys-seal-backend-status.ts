import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

/** SealBackendStatus is whether a node's KMS or HSM can be used; with Seal HA there are several. */
export type SealBackendStatus = {
  readonly healthy: boolean;
  readonly backends: readonly { readonly name: string; readonly healthy: boolean }[];
};

/** `GET sys/seal-backend-status` (no token, Vault ≥ 1.15): whether the seals can be used. OpenBao has no such path. */
export const sealBackendStatus: Endpoint<SealBackendStatus> = {
  path: "sys/seal-backend-status",
  token: "none",
  answer: z
    .object({
      healthy: z.boolean(),
      backends: z.array(z.object({ name: z.string(), healthy: z.boolean() })).nullish(),
    })
    .transform(({ healthy, backends }) => ({ healthy, backends: backends ?? [] })),
};
