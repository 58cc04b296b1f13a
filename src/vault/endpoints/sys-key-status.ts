import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import { parseGoTime } from "../go-time.ts";

/** KeyStatus is the key that encrypts storage now. */
export type KeyStatus = {
  /** Counts the keys: 1 is the first. */
  readonly term: number;
  /** Unix seconds; undefined when Vault does not know. */
  readonly installedAtSeconds: number | undefined;
  /** Vault's estimate of what this key encrypted, on this node; undefined before Vault 1.7. */
  readonly encryptions: number | undefined;
};

/** `GET sys/key-status` (token, `read`): the barrier's newest key. Ask the active node: a standby counts only its own encryptions. */
export const sysKeyStatus: Endpoint<KeyStatus> = {
  path: "sys/key-status",
  token: "read",
  answer: z
    .object({ data: z.object({ term: z.number(), install_time: z.string(), encryptions: z.number().optional() }) })
    .transform(({ data }) => ({
      term: data.term,
      installedAtSeconds: parseGoTime(data.install_time),
      encryptions: data.encryptions,
    })),
};
