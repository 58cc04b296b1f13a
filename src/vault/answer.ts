import type { z } from "zod";
import { FailureError } from "../lib/failure.ts";
import type { VaultResponse, VaultTransport } from "./transport.ts";

/** Reads an answer through its schema, leniently (only the fields we need); throws reason `invalid-answer` otherwise. */
export function parseAnswer<T>(
  transport: VaultTransport,
  path: string,
  schema: z.ZodType<T>,
  response: VaultResponse,
): T {
  const parsed = schema.safeParse(response.body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "its body" : `"${issue.path.join(".")}"`;
  throw new FailureError({
    reason: "invalid-answer",
    retryable: false,
    message:
      `cannot read ${path} on ${transport.nodeName}: ${where} is not what Vault sends (${issue?.message ?? "no JSON"}); ` +
      `check that ${transport.address} is a Vault or OpenBao server and not a proxy's page`,
  });
}
