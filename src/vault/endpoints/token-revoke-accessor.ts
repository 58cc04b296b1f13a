import type { CallOptions, VaultTransport } from "../transport.ts";

/**
 * Sends `PUT auth/token/revoke-accessor` (token, `update`): ends the token, the tokens that it made and their leases. Answers 200 with a
 * warning for an accessor that nobody has, which proves nothing.
 */
export async function revokeAccessor(
  transport: VaultTransport,
  accessor: string,
  options: CallOptions = {},
): Promise<void> {
  const path = "auth/token/revoke-accessor";
  await transport.request({ ...options, method: "PUT", path, body: { accessor }, token: "operate" });
}
