import type { Actor } from "../../access/person.ts";
import { viewRun, type RunChoice } from "../../engine/view.ts";
import type { LoadedRun, RunRequest, RunService } from "../../runner/ports.ts";
import { EXIT, type Io } from "../io.ts";
import { reportFailure } from "../report.ts";
import { renderRun } from "./render-run.ts";

/** What following a run takes. `signal` ends the following, never the run. */
export type FollowOptions = {
  readonly io: Io;
  readonly runs: RunService;
  readonly by: Actor;
  readonly signal: AbortSignal;
};

/** What the person at this terminal can be asked. Gates are answered by another person with `sealwatch approve`. */
const ASKABLE: readonly RunChoice[] = ["confirm-manual", "retry", "skip", "mark-done"];

/** Prints a run as it goes on, asks at its turns, and gives the exit code when it ended: 0 only when it is resolved. */
export async function followRun(runId: string, options: FollowOptions): Promise<number> {
  const printed = new Set<string>();
  const changes = createChanges(options.runs, runId);
  try {
    while (!options.signal.aborted) {
      const loaded = await options.runs.get(runId);
      if (loaded === undefined) return EXIT.badInput;
      print(loaded, printed, options.io);
      if (loaded.run.status === "finished") return loaded.run.result === "resolved" ? EXIT.fine : EXIT.failed;
      const asking = new AbortController();
      const question = ask(loaded, options, AbortSignal.any([asking.signal, options.signal])).catch((error: unknown) =>
        reportFailure(options.io, error),
      );
      await Promise.race([changes.next(), question, aborted(options.signal)]);
      asking.abort();
    }
    options.io.err(`the run stays open; go on with: sealwatch follow ${runId}`);
    return EXIT.failed;
  } finally {
    changes.stop();
  }
}

function print(loaded: LoadedRun, printed: Set<string>, io: Io): void {
  for (const { key, lines } of renderRun(loaded.run)) {
    if (printed.has(key)) continue;
    printed.add(key);
    for (const line of lines) io.out(line);
  }
}

/** Asks for what only a person can decide, and passes the answer on; waits for ever when there is nothing to ask. */
async function ask({ run }: LoadedRun, { io, runs, by }: FollowOptions, signal: AbortSignal): Promise<void> {
  const view = viewRun(run);
  const choices = view.choices.filter((choice) => ASKABLE.includes(choice));
  const step = view.currentStep;
  const mustAnswer =
    run.status === "open" && (["stuck", "unknown"].includes(run.phase.name) || choices.includes("confirm-manual"));
  if (step === undefined || !io.interactive || !mustAnswer) {
    await aborted(signal);
    return;
  }
  const answer = await io.ask(`  ${[...choices, "abort"].join(" / ")} ? `, signal);
  if (answer === undefined) {
    // Nobody is there any more (the input ended): to ask again at once would go on for ever.
    await aborted(signal);
    return;
  }
  const request = await requestFor(answer.trim(), { io, signal, runId: run.id, step, by, choices });
  if (request === undefined) return;
  const told = await runs.ask(request);
  if (!told.ok) io.err(`  ${told.why}`);
}

type Asked = {
  readonly io: Io;
  readonly signal: AbortSignal;
  readonly runId: string;
  readonly step: string;
  readonly by: Actor;
  readonly choices: readonly RunChoice[];
};

async function requestFor(
  answer: string,
  { io, signal, runId, step, by, choices }: Asked,
): Promise<RunRequest | undefined> {
  const choice = [...choices, "abort" as const].find((candidate) => candidate === answer);
  if (choice === undefined) {
    if (answer !== "") io.err(`  "${answer}" is none of the choices`);
    return undefined;
  }
  if (choice === "confirm-manual" || choice === "retry") return { type: choice, runId, step, by };
  const reason = (await io.ask("  reason? ", signal))?.trim();
  if (reason === undefined || reason === "") {
    io.err("  a reason is needed");
    return undefined;
  }
  if (choice === "abort") return { type: "abort", runId, by, reason };
  return choice === "skip" || choice === "mark-done" ? { type: choice, runId, step, by, reason } : undefined;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Tells of each change of one run; a change between two calls of `next` is not lost. */
function createChanges(
  runs: RunService,
  runId: string,
): { readonly next: () => Promise<void>; readonly stop: () => void } {
  let changed = false;
  let wake: (() => void) | undefined;
  const stop = runs.subscribe((id) => {
    if (id !== runId) return;
    changed = true;
    wake?.();
  });
  return {
    stop,
    next: async () => {
      if (!changed) await new Promise<void>((resolve) => (wake = resolve));
      changed = false;
    },
  };
}
