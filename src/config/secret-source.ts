import type { z } from "zod";
import { errorCode } from "../document/unreadable.ts";
import { FailureError, type FailureReason } from "../lib/failure.ts";
import { Secret } from "../lib/secret.ts";
import { diskReaders, type ConfigReaders } from "./readers.ts";
import { SecretSource } from "./sections/secret.ts";

/** Where secrets come from besides files. */
export type SecretEnvironment = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readers?: ConfigReaders;
};

/**
 * Reads a secret now: from its file without the trailing newline, or from its variable. Read again whenever it is needed, for files change.
 * Throws `FailureError`: `not-found`, `denied`, or `invalid-answer` when it is empty or has several lines. The secret is in no message.
 */
export async function readSecret(
  source: SecretSource,
  { env, readers = diskReaders }: SecretEnvironment,
): Promise<Secret> {
  if ("env" in source) {
    const value = env[source.env];
    if (value === undefined) throw failure(source, "not-found", "the variable is not set; set it or name another");
    return new Secret(oneLine(source, value));
  }
  const text = await readers.readText(source.file).catch((error: unknown) => {
    throw unreadable(source, error);
  });
  return new Secret(oneLine(source, text.replace(/\r?\n$/u, "")));
}

/** Chooses how a secret's source is judged by its key, so that a mistake reads as one sentence. */
export function chooseSecretSource(union: z.ZodUnion, value: unknown): z.core.$ZodType | string | undefined {
  if (union.options !== SecretSource.options) return undefined;
  const [fromFile, fromEnv] = SecretSource.options;
  const isMap = typeof value === "object" && value !== null && !Array.isArray(value);
  if (isMap && Object.hasOwn(value, "file")) return fromFile;
  if (isMap && Object.hasOwn(value, "env")) return fromEnv;
  return "{ file: … } or { env: … }, never the secret itself";
}

function oneLine(source: SecretSource, value: string): string {
  if (value.trim() === "") throw failure(source, "invalid-answer", "it is empty; write the secret into it");
  if (/[\r\n]/u.test(value)) throw failure(source, "invalid-answer", "it has several lines; a secret is one line");
  return value;
}

function unreadable(source: SecretSource, error: unknown): FailureError {
  const code = errorCode(error);
  if (code === "ENOENT") return failure(source, "not-found", "there is no such file; create it or name another");
  if (code === "EACCES") return failure(source, "denied", "this user may not read it; change its owner or mode");
  return failure(source, "server-error", `the file cannot be read (${code ?? "unknown error"})`);
}

function failure(source: SecretSource, reason: FailureReason, why: string): FailureError {
  const where = "env" in source ? `variable ${source.env}` : `file ${source.file}`;
  const retryable = "file" in source && reason !== "denied";
  return new FailureError({ reason, message: `cannot read the secret from ${where}: ${why}`, retryable });
}
