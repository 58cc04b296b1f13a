import type { CallOptions, VaultStream, VaultTransport } from "../transport.ts";

/** A snapshot is as long as it is: what the target holds bounds it, and the step's own time ends it. */
const MAX_BYTES = Number.MAX_SAFE_INTEGER;
const SNAPSHOT_MS = 6 * 3_600_000;

/**
 * Reads `GET sys/storage/raft/snapshot` (token, `read`) with the token for actions: it is all that the cluster stores, encrypted, with the
 * names in plain text. One that breaks off on the server's side is still a 200: only its content tells whether it is whole.
 */
export async function streamRaftSnapshot(transport: VaultTransport, options: CallOptions = {}): Promise<VaultStream> {
  return await transport.stream({
    timeoutMs: SNAPSHOT_MS,
    ...options,
    path: "sys/storage/raft/snapshot",
    token: "operate",
    maxBytes: MAX_BYTES,
  });
}
