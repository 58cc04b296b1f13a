import { z } from "zod";
import type { CallOptions, VaultTransport } from "../transport.ts";
import { parseAnswer } from "../answer.ts";

const Answer = z.object({
  data: z.object({ lease_count: z.number(), counts: z.record(z.string(), z.number()).nullish() }),
});

/** Leases that Vault gave up revoking: credentials that still work in some backend. */
export type IrrevocableLeases = { readonly total: number; readonly byMountAccessor: Readonly<Record<string, number>> };

/** Reads `GET sys/leases/count?type=irrevocable` (token, `read`; from memory, cheap). Any other type would be a 404. */
export async function readIrrevocableLeases(
  transport: VaultTransport,
  options: CallOptions = {},
): Promise<IrrevocableLeases> {
  const path = "sys/leases/count";
  const query = { type: "irrevocable" };
  const response = await transport.request({ ...options, method: "GET", path, query, token: "read" });
  const { data } = parseAnswer(transport, path, Answer, response);
  return { total: data.lease_count, byMountAccessor: data.counts ?? {} };
}
