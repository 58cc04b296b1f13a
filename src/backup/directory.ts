import { lstat, opendir, realpath } from "node:fs/promises";
import path from "node:path";
import { FailureError, type FailureReason } from "../lib/failure.ts";
import { kindOfName, namesLatest } from "./backup-name.ts";
import type { BackupDestination, BackupListing, BackupObject } from "./destination.ts";
import { createTally, type Tally } from "./tally.ts";

/** What a directory destination is made of. */
export type DirectoryOptions = {
  readonly name: string;
  readonly directory: string;
  /** How the name of a finished backup ends. */
  readonly suffix: string;
};

const REASONS: Readonly<Record<string, FailureReason>> = {
  ENOENT: "not-found",
  ENOTDIR: "not-found",
  EACCES: "denied",
  EPERM: "denied",
  ABORT_ERR: "aborted",
};

/**
 * Creates the destination of one directory, without its subdirectories. Symbolic links are not backups but names of one.
 * `list` throws reason `not-found`, `denied`, `aborted` or `unreachable`.
 */
export function createDirectoryDestination({ name, directory, suffix }: DirectoryOptions): BackupDestination {
  return {
    name,
    list: async (signal) => {
      try {
        return await listDirectory({ directory, suffix, signal });
      } catch (error) {
        throw cannotList(directory, error);
      }
    },
  };
}

type Walk = { readonly directory: string; readonly suffix: string; readonly signal: AbortSignal };

/** One file at a time: a hung network disk then holds one of libuv's four threads and not all, on which name lookups wait too. */
async function listDirectory({ directory, suffix, signal }: Walk): Promise<BackupListing> {
  const tally = createTally();
  for await (const entry of await opendir(directory)) {
    signal.throwIfAborted();
    const { name } = entry;
    if (entry.isFile()) await addFile(tally, path.join(directory, name), suffix);
    if (entry.isSymbolicLink() && namesLatest(name, suffix)) tally.addLink(await targetIn(directory, name));
  }
  return tally.listing();
}

async function addFile(tally: Tally, file: string, suffix: string): Promise<void> {
  const kind = kindOfName(path.basename(file), suffix);
  // Only what may be a backup costs a system call.
  const isCandidate = kind === "backup" || kind === "pointer";
  tally.add(kind, isCandidate ? await readObject(file) : undefined);
}

async function readObject(file: string): Promise<BackupObject | undefined> {
  const found = await lstat(file).catch(ignoreVanished);
  if (found === undefined || !found.isFile()) return undefined;
  const content = found.nlink > 1 ? String(found.ino) : undefined;
  return { name: path.basename(file), modifiedMs: Math.floor(found.mtimeMs), sizeBytes: found.size, content };
}

/** The name that a link leads to in the end, or undefined when that is not in this directory. */
async function targetIn(directory: string, link: string): Promise<string | undefined> {
  const target = await realpath(path.join(directory, link)).catch(ignoreVanished);
  if (target === undefined || path.dirname(target) !== (await realpath(directory))) return undefined;
  return path.basename(target);
}

/** Retention may remove a file between its name and its size; a link may lead nowhere. */
function ignoreVanished(error: unknown): undefined {
  if (codeOf(error) !== "ENOENT") throw error;
}

function codeOf(error: unknown): string {
  const { name, code } = Object(error) as { readonly name?: unknown; readonly code?: unknown };
  if (name === "AbortError") return "ABORT_ERR";
  return typeof code === "string" ? code : "unknown";
}

function cannotList(directory: string, error: unknown): FailureError {
  const code = codeOf(error);
  const message = `cannot list backups in ${directory}: ${code}; check that the directory is mounted and that sealwatch may read it`;
  return new FailureError({ reason: REASONS[code] ?? "unreachable", retryable: true, message }, { cause: error });
}
