import type { AlertGroup } from "../../runner/ports.ts";

/** Gives the runbook that answers an alert group, with the inputs that its labels give; undefined when none does. */
export type MatchAlert = (
  group: AlertGroup,
) => { readonly runbook: string; readonly inputs: Readonly<Record<string, string>> } | undefined;
