import { redact } from "../lib/redact.ts";
import { viewRun } from "../engine/view.ts";
import type { LoadedRun } from "../runner/ports.ts";

/**
 * Takes what looks like a secret out of every text of a run, before any page or answer is made of it. Our own digests have the form of key
 * shares and stay. Nothing secret should be in a run at all: this is the last line.
 */
export function shownRun({ run, version, head }: LoadedRun): LoadedRun {
  return { run: redactTexts(run), version, head };
}

/** Gives what a program may know of a run: the view that the page shows, the version, and the head of the chain. */
export function runAsJson(loaded: LoadedRun): object {
  const { run, version, head } = shownRun(loaded);
  return { version, head, status: run.status, view: viewRun(run) };
}

/** Where our own digests stand. */
const DIGESTS: ReadonlySet<string> = new Set(["runbookDigest", "planHash", "sha256"]);

function redactTexts<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (key, held: unknown) => {
    if (typeof held !== "string" || (DIGESTS.has(key) && /^[0-9a-f]{64}$/u.test(held))) return held;
    return redact(held);
  }) as T;
}
