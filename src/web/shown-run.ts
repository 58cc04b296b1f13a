import { redact } from "../lib/redact.ts";
import { viewRun } from "../engine/view.ts";
import type { LoadedRun } from "../runner/ports.ts";

/**
 * Takes what looks like a secret out of every text of a run, before any page or answer is made of it. The runbook's digest has the form of a key
 * share and stays. Nothing secret should be in a run at all: this is the last line.
 */
export function shownRun({ run, version, head }: LoadedRun): LoadedRun {
  return { run: { ...redactTexts(run), runbookDigest: run.runbookDigest }, version, head };
}

/** Gives what a program may know of a run: the view that the page shows, the version, and the head of the chain. */
export function runAsJson(loaded: LoadedRun): object {
  const { run, version, head } = shownRun(loaded);
  return { version, head, status: run.status, view: viewRun(run) };
}

function redactTexts<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, held: unknown) =>
    typeof held === "string" ? redact(held) : held,
  ) as T;
}
