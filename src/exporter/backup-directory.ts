import { lstat, opendir } from "node:fs/promises";
import path from "node:path";
import { FailureError, type FailureReason } from "../lib/failure.ts";

/** A finished backup: a regular, non-empty file that ends in `.snap`. It is not opened. */
export type BackupObject = { readonly name: string; readonly modifiedMs: number; readonly sizeBytes: number };

/** What lies in a backup directory. */
export type BackupListing = {
  readonly objects: number;
  /** Files that are being written, or were left half-written. */
  readonly partialObjects: number;
  readonly newest: BackupObject | undefined;
};

/** Names that uploaders and copiers give to what they have not finished: `x.snap.tmp`, `x.part`, rsync's `.x.snap.Ab3dEf`. */
const PARTIAL = /(?:[.](?:tmp|temp|part|partial|incomplete)$)|(?:^[.].*[.]snap)/u;

const REASONS: Readonly<Record<string, FailureReason>> = {
  ENOENT: "not-found",
  ENOTDIR: "not-found",
  EACCES: "denied",
  EPERM: "denied",
};

/**
 * Lists a directory of backups, not its subdirectories. Symbolic links (`latest.snap`) are not backups but names of one.
 * One file at a time: a hung network disk then holds one of libuv's four threads and not all, on which name lookups wait too.
 * Throws reason `not-found`, `denied` or `unreachable`.
 */
export async function listBackups(directory: string): Promise<BackupListing> {
  try {
    let listing: BackupListing = { objects: 0, partialObjects: 0, newest: undefined };
    for await (const entry of await opendir(directory)) {
      if (entry.isFile()) listing = added(listing, await readObject(directory, entry.name));
    }
    return listing;
  } catch (error) {
    throw cannotList(directory, error);
  }
}

async function readObject(directory: string, name: string): Promise<BackupObject | "partial" | undefined> {
  if (PARTIAL.test(name)) return "partial";
  if (!name.endsWith(".snap")) return undefined;
  const found = await lstat(path.join(directory, name)).catch(ignoreVanished);
  if (found === undefined || !found.isFile()) return undefined;
  return found.size === 0 ? "partial" : { name, modifiedMs: Math.floor(found.mtimeMs), sizeBytes: found.size };
}

function added(listing: BackupListing, object: BackupObject | "partial" | undefined): BackupListing {
  if (object === undefined) return listing;
  if (object === "partial") return { ...listing, partialObjects: listing.partialObjects + 1 };
  const isNewest = listing.newest === undefined || object.modifiedMs > listing.newest.modifiedMs;
  return { ...listing, objects: listing.objects + 1, newest: isNewest ? object : listing.newest };
}

/** Retention may remove a file between its name and its size. */
function ignoreVanished(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown";
}

function cannotList(directory: string, error: unknown): FailureError {
  const code = codeOf(error);
  const message = `cannot list backups in ${directory}: ${code}; check that the directory is mounted and that sealwatch may read it`;
  return new FailureError({ reason: REASONS[code] ?? "unreachable", retryable: true, message }, { cause: error });
}
