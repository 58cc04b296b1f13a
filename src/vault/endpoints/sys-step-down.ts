import type { CallOptions, VaultTransport } from "../transport.ts";

/**
 * Sends `PUT sys/step-down` (token, `update` and `sudo`; a standby forwards it). Answers 204 also when there was nothing to step down from,
 * and whoever steps down may lead again after 10 s: the caller reads `sys/leader` to see who leads since when.
 */
export async function stepDown(transport: VaultTransport, options: CallOptions = {}): Promise<void> {
  await transport.request({ ...options, method: "PUT", path: "sys/step-down", token: "operate" });
}
