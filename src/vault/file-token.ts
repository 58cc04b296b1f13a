import { readFile, stat } from "node:fs/promises";
import { FailureError } from "../lib/failure.ts";
import { Secret } from "../lib/secret.ts";
import type { TokenSource } from "./token-source.ts";

/** What a header can carry. Anything else would fail where it is sent, and look like a broken connection. */
const SENDABLE = /^[\u0021-\u007E]+$/u;

/** Creates a token source that reads a file, and reads it again when it changed: an agent may renew it under us. */
export function createFileToken(path: string): TokenSource {
  let held: { readonly version: string; readonly token: Secret } | undefined;
  return {
    read: async () => {
      const version = await versionOf(path);
      if (held?.version !== version) held = { version, token: await readToken(path) };
      return held.token;
    },
  };
}

/** The inode belongs to it: Kubernetes swaps mounted secrets by a symbolic link, within one tick of the clock. */
async function versionOf(path: string): Promise<string> {
  try {
    const { mtimeMs, ino, size } = await stat(path);
    return `${mtimeMs}/${ino}/${size}`;
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function readToken(path: string): Promise<Secret> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const token = text.trim();
  if (SENDABLE.test(token)) return new Secret(token);
  const why =
    token === ""
      ? "the file is empty; write the token into it"
      : "the file holds more than a token; write one line of plain text into it, without spaces";
  throw new FailureError({
    reason: "denied",
    retryable: true,
    message: `cannot read the Vault token from ${path}: ${why}`,
  });
}

function unreadable(path: string, cause: unknown): FailureError {
  const why = (cause as NodeJS.ErrnoException).code ?? "unreadable";
  return new FailureError(
    {
      reason: "denied",
      retryable: true,
      message: `cannot read the Vault token from ${path}: ${why}; check that the file is there and readable`,
    },
    { cause },
  );
}
