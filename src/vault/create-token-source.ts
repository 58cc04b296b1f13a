import { createEnvToken } from "./env-token.ts";
import { createFileToken } from "./file-token.ts";
import type { TokenSource } from "./token-source.ts";

/** Creates the source that a configuration entry describes: `{ file }`, or `{ env }` looked up in the given environment. */
export function createTokenSource(
  entry: { readonly file: string } | { readonly env: string },
  env: Readonly<Record<string, string | undefined>>,
): TokenSource {
  return "file" in entry ? createFileToken(entry.file) : createEnvToken(entry.env, env);
}
