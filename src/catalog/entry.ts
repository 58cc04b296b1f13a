import type { Runbook } from "../runbook/schema.ts";

/** A runbook as it lies on the disk with those that it includes, ready to be started. */
export type CatalogEntry = {
  readonly runbook: Runbook;
  /** Every runbook that it includes, directly or through others, by its id. */
  readonly included: Readonly<Record<string, Runbook>>;
  readonly text: string;
  /** SHA-256 in hex: of the text, and of the digests of all that it includes. */
  readonly digest: string;
  readonly file: string;
};
