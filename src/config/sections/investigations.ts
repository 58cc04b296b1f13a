import { z } from "zod";

/** Investigations is where lists of tokens to revoke are kept (`sealwatch audit-log search --list`), and where runbooks find them. */
export const Investigations = z.strictObject({
  directory: z
    .string()
    .min(1)
    .describe(
      "Directory of lists for `vault.revoke-list`, a folder for each cluster. Accessors stand in them in plain text: only sealwatch may read it.",
    ),
});
export type Investigations = z.infer<typeof Investigations>;
