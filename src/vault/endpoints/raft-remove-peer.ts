import type { CallOptions, VaultTransport } from "../transport.ts";

/**
 * Sends `POST sys/storage/raft/remove-peer` (token, `update`). Answers 204 for an unknown id too and checks no quorum:
 * the caller proves before that it may, and reads the configuration after to see whether it did.
 */
export async function removeRaftPeer(
  transport: VaultTransport,
  nodeId: string,
  options: CallOptions = {},
): Promise<void> {
  await transport.request({
    ...options,
    method: "POST",
    path: "sys/storage/raft/remove-peer",
    body: { server_id: nodeId },
    token: "operate",
  });
}
