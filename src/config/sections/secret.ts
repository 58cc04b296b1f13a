import { z } from "zod";

/** A secret comes from a file (read again when it changes) or from an environment variable, never from the configuration itself. */
export const SecretSource = z.union([
  z.strictObject({ file: z.string().min(1).describe("File that holds the secret; a trailing newline is ignored.") }),
  z.strictObject({ env: z.string().min(1).describe("Environment variable that holds the secret.") }),
]);
export type SecretSource = z.infer<typeof SecretSource>;
