import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import { parseGoTime } from "../go-time.ts";
import { HEALTH_CODES } from "./sys-health.ts";

/** LicenseTimes are when a licence expires and when Vault stops because of it, in Unix seconds. */
export type LicenseTimes = {
  readonly expiresAtSeconds: number | undefined;
  readonly terminatesAtSeconds: number | undefined;
};

/** `GET sys/license/status` (Vault Enterprise, token, `read`): the licence that the node was given. 404 without Enterprise. */
export const licenseStatus: Endpoint<LicenseTimes> = {
  path: "sys/license/status",
  token: "read",
  answer: z
    .object({
      data: z.object({
        autoloaded: z.object({ expiration_time: z.string(), termination_time: z.string().default("") }),
      }),
    })
    .transform(({ data: { autoloaded } }) => ({
      expiresAtSeconds: parseGoTime(autoloaded.expiration_time),
      terminatesAtSeconds: parseGoTime(autoloaded.termination_time),
    })),
};

/** HealthLicense is what `sys/health` says of the licence; undefined is what it does not say. */
export type HealthLicense = {
  readonly terminated: boolean | undefined;
  readonly expiresAtSeconds: number | undefined;
};

/** `GET sys/health` (no token), read for the licence: Vault Enterprise tells it there to everybody. */
export const healthLicense: Endpoint<HealthLicense> = {
  path: "sys/health",
  token: "none",
  accept: HEALTH_CODES,
  answer: z
    .object({
      initialized: z.boolean(),
      license: z.object({ expiry_time: z.string().default(""), terminated: z.boolean().optional() }).optional(),
    })
    .transform(({ license }) => ({
      terminated: license?.terminated,
      expiresAtSeconds: parseGoTime(license?.expiry_time ?? ""),
    })),
};
