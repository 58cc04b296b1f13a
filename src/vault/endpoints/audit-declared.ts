import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

/**
 * `GET sys/config/state/sanitized` (token, `read`): paths of the audit devices that the server's own configuration file declares (OpenBao
 * ≥ 2.4), with a slash behind; the API refuses to disable these. Vault knows of none.
 */
export const declaredAuditDevices: Endpoint<readonly string[]> = {
  path: "sys/config/state/sanitized",
  token: "read",
  answer: z
    .object({ data: z.object({ audits: z.array(z.object({ path: z.string() })).nullish() }) })
    .transform(({ data }) => (data.audits ?? []).map(({ path }) => path)),
};
