import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, open, rename, rm, type FileHandle } from "node:fs/promises";
import path from "node:path";
import { FailureError, type FailureReason } from "../lib/failure.ts";
import { NotWhole, notWholeFailure } from "./not-whole.ts";
import { readSnapshot, type ReadSnapshot } from "./read-snapshot.ts";
import type { SnapshotPlace } from "./snapshot-place.ts";

const REASONS: Readonly<Record<string, FailureReason>> = {
  ENOENT: "not-found",
  ENOTDIR: "not-found",
  EACCES: "denied",
  EPERM: "denied",
  EROFS: "denied",
  ENOSPC: "refused",
  EDQUOT: "refused",
  EEXIST: "refused",
};

/** Nobody but sealwatch reads it: the names of all secrets are in it in plain text. */
const MODE = 0o600;

/**
 * Creates the place of snapshots in a directory. A snapshot is written under a name that no listing takes for a backup (`.tmp`), checked as it
 * comes, flushed, and only then given its name. A file that is there is never replaced. What a killed process left half-written stays under
 * its `.tmp` name, which the backup collector counts.
 */
export function createDirectorySnapshots(directory: string): SnapshotPlace {
  return {
    where: directory,
    save: async (name, content, { signal }) => {
      try {
        return await save({ directory, name }, content, signal);
      } catch (error) {
        throw failureOf("save", { directory, name }, error);
      }
    },
    find: async (name, { signal }) => {
      try {
        return await readSnapshot(createReadStream(fileOf({ directory, name })), { signal });
      } catch (error) {
        if (error instanceof NotWhole || codeOf(error) === "ENOENT") return undefined;
        throw failureOf("read", { directory, name }, error);
      }
    },
  };
}

type Place = { readonly directory: string; readonly name: string };

async function save(place: Place, content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<ReadSnapshot> {
  const final = fileOf(place);
  await throwIfThere(final, place);
  const temporary = `${final}.${randomUUID()}.tmp`;
  const file = await open(temporary, "wx", MODE);
  try {
    const read = await writeChecked(file, content, signal);
    await throwIfThere(final, place);
    await rename(temporary, final);
    await flushDirectory(place.directory);
    return read;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeChecked(
  file: FileHandle,
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<ReadSnapshot> {
  try {
    const read = await readSnapshot(content, { signal, keep: async (piece) => await file.writeFile(piece) });
    await file.sync();
    return read;
  } finally {
    await file.close();
  }
}

/** The new name is only as safe as the directory that has it. */
async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function throwIfThere(final: string, { name, directory }: Place): Promise<void> {
  const there = await access(final).then(
    () => true,
    () => false,
  );
  if (!there) return;
  throw new FailureError({
    reason: "refused",
    retryable: false,
    message: `cannot save the snapshot ${name} in ${directory}: there is a file of this name; choose another name`,
  });
}

function fileOf({ directory, name }: Place): string {
  return path.join(directory, name);
}

function failureOf(verb: "save" | "read", { directory, name }: Place, error: unknown): Error {
  if (error instanceof FailureError) return error;
  if (error instanceof NotWhole) return notWholeFailure(name, error);
  const code = codeOf(error);
  const reason = code === "ABORT_ERR" ? "aborted" : (REASONS[code] ?? "unreachable");
  const advice =
    reason === "refused" ? "make room there" : "check that the directory is mounted and that sealwatch may write it";
  const message = `cannot ${verb} the snapshot ${name} in ${directory}: ${code}; ${advice}`;
  return new FailureError({ reason, retryable: true, message }, { cause: error });
}

function codeOf(error: unknown): string {
  const { name, code } = Object(error) as { readonly name?: unknown; readonly code?: unknown };
  if (name === "AbortError") return "ABORT_ERR";
  return typeof code === "string" ? code : "unknown";
}
