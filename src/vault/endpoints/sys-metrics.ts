import type { StreamedEndpoint } from "../endpoint.ts";

/** 256 MiB: nothing of it is held, so this only ends a page that never ends. */
const MAX_BYTES = 256 * 1024 * 1024;

/** `GET sys/metrics?format=prometheus` (token, `read`): Vault's own metrics as text; a plain standby answers 307, reason `standby`. */
export const sysMetrics: StreamedEndpoint = {
  path: "sys/metrics",
  query: { format: "prometheus" },
  token: "read",
  maxBytes: MAX_BYTES,
};
