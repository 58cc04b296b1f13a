import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import { leasePath } from "./leases-lookup.ts";

/**
 * `POST sys/audit-hash/<device>` (token, `update`): a value as this audit device writes it, `hmac-sha256:…`; every device has its own salt,
 * the same on all nodes. Throws reason `refused` for a device that there is not. It changes nothing; the question itself is audited, hashed.
 */
export function auditHash(device: string, value: string): Endpoint<string> {
  return {
    path: `sys/audit-hash/${leasePath(device.replace(/\/$/u, ""))}`,
    token: "read",
    question: { input: value },
    answer: z
      .object({ data: z.object({ hash: z.string().startsWith("hmac-sha256:") }) })
      .transform(({ data }) => data.hash),
  };
}
