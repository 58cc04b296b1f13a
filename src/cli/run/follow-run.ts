import type { Actor } from "../../access/person.ts";
import { viewRun, type RunChoice } from "../../engine/view.ts";
import { answerWords } from "../../engine/answer-words.ts";
import type { Answer } from "../../runbook/schema.ts";
import type { LoadedRun, RunRequest, RunService } from "../../runner/ports.ts";
import { EXIT, type Io } from "../io.ts";
import { reportFailure } from "../report.ts";
import { renderRun } from "./render-run.ts";

/** What following a run takes. `signal` ends the following, never the run. */
export type FollowOptions = {
  readonly io: Io;
  readonly runs: RunService;
  /** Gives the person of this terminal, with what they may do at the moment of their answer. */
  readonly who: () => Promise<Actor>;
  readonly signal: AbortSignal;
};

/** What the person at this terminal can be asked. Gates are answered by another person with `sealwatch approve`. */
const ASKABLE: readonly RunChoice[] = ["answer", "confirm-manual", "retry", "reopen", "skip", "mark-done"];

/** How a run ends well; `planned` is the end of a dry run. */
const WELL: ReadonlySet<string> = new Set(["resolved", "planned"]);

/** Prints a run as it goes on, asks at its turns, and gives the exit code when it ended: 0 only when it is resolved, or planned by a dry run. */
export async function followRun(runId: string, options: FollowOptions): Promise<number> {
  const printed = new Set<string>();
  const changes = createChanges(options.runs, runId);
  try {
    while (!options.signal.aborted) {
      const loaded = await options.runs.get(runId);
      if (loaded === undefined) return EXIT.badInput;
      print(loaded, printed, options.io);
      if (loaded.run.status === "finished") return WELL.has(loaded.run.result) ? EXIT.fine : EXIT.failed;
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
async function ask({ run }: LoadedRun, { io, runs, who }: FollowOptions, signal: AbortSignal): Promise<void> {
  const view = viewRun(run);
  const choices = view.choices.filter((choice) => ASKABLE.includes(choice));
  const step = view.currentStep;
  const mustAnswer =
    run.status === "open" &&
    (["held", "stuck", "unknown", "asking"].includes(run.phase.name) || choices.includes("confirm-manual"));
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
  const isUnknown = choices.includes("mark-done");
  const asked: Asked = { io, signal, runId: run.id, step, who, choices, isUnknown, answer: view.question?.answer };
  const request = await requestFor(answer.trim(), asked);
  if (request === undefined) return;
  const told = await runs.ask(request);
  if (!told.ok) io.err(`  ${told.why}`);
}

type Asked = {
  readonly io: Io;
  readonly signal: AbortSignal;
  readonly runId: string;
  readonly step: string;
  readonly who: () => Promise<Actor>;
  readonly choices: readonly RunChoice[];
  /** Whether nobody knows what the step's call did: every decision then needs a reason. */
  readonly isUnknown: boolean;
  readonly answer: Answer | undefined;
};

/** Gives what to ask of the run for what was typed: a choice, or `answer` with its value behind it. */
async function requestFor(typed: string, asked: Asked): Promise<RunRequest | undefined> {
  const { io, runId, step, who, choices, isUnknown } = asked;
  const [word = "", ...rest] = typed.split(/\s+/u);
  const choice = [...choices, "abort" as const].find((candidate) => candidate === typed || isAnswer(candidate, word));
  if (choice === undefined) {
    if (typed !== "") io.err(`  "${typed}" is none of the choices`);
    return undefined;
  }
  if (choice === "answer") return await answerRequest(rest.join(" "), asked);
  if (choice === "confirm-manual" || choice === "reopen" || (choice === "retry" && !isUnknown))
    return { type: choice, runId, step, by: await who() };
  const reason = await askText("reason", asked);
  if (reason === undefined) return undefined;
  const by = await who();
  if (choice === "abort") return { type: "abort", runId, by, reason };
  return choice === "skip" || choice === "mark-done" || choice === "retry"
    ? { type: choice, runId, step, by, reason }
    : undefined;
}

function isAnswer(choice: RunChoice, word: string): boolean {
  return choice === "answer" && word === "answer";
}

async function answerRequest(given: string, asked: Asked): Promise<RunRequest | undefined> {
  const { runId, step, who, answer } = asked;
  const words = answer === undefined ? "" : ` (${answerWords(answer)})`;
  const value = given === "" ? await askText(`answer${words}`, asked) : given;
  return value === undefined ? undefined : { type: "answer", runId, step, by: await who(), value };
}

async function askText(what: string, { io, signal }: Asked): Promise<string | undefined> {
  const typed = (await io.ask(`  ${what}? `, signal))?.trim();
  if (typed !== undefined && typed !== "") return typed;
  io.err(what === "reason" ? "  a reason is needed" : "  an answer is needed");
  return undefined;
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
