import type { CallOptions, VaultTransport } from "../transport.ts";

/** 32 MiB: a very large cluster's page is about a tenth of it. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Reads `GET sys/metrics?format=prometheus` as text (token, `read`); a plain standby answers 307, reason `standby`. */
export async function readSysMetrics(transport: VaultTransport, options: CallOptions = {}): Promise<string> {
  const response = await transport.request({
    ...options,
    method: "GET",
    path: "sys/metrics",
    query: { format: "prometheus" },
    token: "read",
    maxBytes: MAX_BYTES,
  });
  return response.text;
}
