import { info, reading, type Reading } from "./reading.ts";

/** How a node is sealed, and how far an unseal has come. */
export const SEAL_READINGS: readonly Reading[] = [
  reading(
    "sealwatch_node_seal_threshold",
    "Key shares that an unseal needs. With auto-unseal these are recovery keys, which can unseal nothing.",
    ({ seal }) => seal?.threshold,
  ),
  reading(
    "sealwatch_node_seal_shares",
    "Key shares that exist. With auto-unseal these are recovery keys, which can unseal nothing.",
    ({ seal }) => seal?.shares,
  ),
  reading(
    "sealwatch_node_seal_progress",
    "Key shares given to this node so far; 0 when none was, or after the last one.",
    ({ seal }) => seal?.progress,
  ),
  reading(
    "sealwatch_node_seal_migration",
    "1 while a migration to another seal is pending, 0 otherwise.",
    ({ seal }) => seal && Number(seal.migration),
  ),
  reading(
    "sealwatch_node_seal_recovery",
    "1 if the node unseals itself and its key shares are recovery keys, 0 if people unseal it with key shares.",
    ({ seal }) => seal && Number(seal.recoverySeal),
  ),
  info(
    "sealwatch_node_seal_info",
    "1, with the kind of seal (shamir, awskms, transit ...), the storage, and whether the key shares are recovery keys.",
    ["seal_type", "storage_type", "recovery_seal"],
    ({ seal }) =>
      seal && {
        seal_type: seal.type,
        storage_type: seal.storageType,
        recovery_seal: String(seal.recoverySeal),
      },
  ),
];
