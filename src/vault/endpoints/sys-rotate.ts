import type { CallOptions, VaultTransport } from "../transport.ts";

/**
 * Sends `PUT sys/rotate` (token, `update` and `sudo`; a standby forwards it): storage gets a new key, the old ones stay to read what they
 * wrote. Never `sys/rotate/root`, by which OpenBao replaces the root key without asking for a share.
 */
export async function rotateKeyring(transport: VaultTransport, options: CallOptions = {}): Promise<void> {
  await transport.request({ ...options, method: "PUT", path: "sys/rotate", token: "operate" });
}
