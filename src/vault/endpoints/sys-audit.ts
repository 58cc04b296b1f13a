import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

/** AuditDevice is one place where requests and answers are written before Vault answers. */
export type AuditDevice = {
  /** Where it is mounted, with a slash behind: `file/`. */
  readonly path: string;
  /** `file`, `socket`, `syslog` … */
  readonly type: string;
};

/** `GET sys/audit` (token, `read` and `sudo`): the audit devices; their options, which may hold secrets, are not kept. */
export const sysAudit: Endpoint<readonly AuditDevice[]> = {
  path: "sys/audit",
  token: "read",
  // Vault repeats `data` at the top of this answer, among other keys.
  answer: z
    .object({ data: z.record(z.string(), z.object({ type: z.string() })) })
    .transform(({ data }) => Object.entries(data).map(([path, { type }]) => ({ path, type }))),
};
