import type { CallOptions, VaultTransport } from "../transport.ts";

/**
 * Sends `DELETE sys/audit/<path>` (token, `delete` and `sudo`): the device and its HMAC salt are gone. Answers 204 for a path where no
 * device is; OpenBao refuses one that its configuration file declares (400).
 */
export async function disableAuditDevice(
  transport: VaultTransport,
  path: string,
  options: CallOptions = {},
): Promise<void> {
  const name = path.replace(/\/$/u, "").split("/").map(encodeURIComponent).join("/");
  await transport.request({ ...options, method: "DELETE", path: `sys/audit/${name}`, token: "operate" });
}
