import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory that goes away with its user. */
export type TemporaryDirectory = AsyncDisposable & { readonly path: string };

/** Makes an empty directory under the system's own; disposal removes it with everything in it. */
export async function temporaryDirectory(): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(tmpdir(), "sealwatch-"));
  // A server that was killed a moment ago may still have a file half made: rm tries again.
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}
