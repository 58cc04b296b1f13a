import { openCore, type Core } from "../../app/core.ts";
import { createLogger } from "../../app/logger.ts";
import type { Actor } from "../../access/person.ts";
import { suggestion } from "../../lib/nearest.ts";
import { digest, reportRun } from "../../run-export/report.ts";
import type { LoadedRun, RunAnswer, RunRequest } from "../../runner/ports.ts";
import { EXIT, type Io } from "../io.ts";
import { followRun } from "./follow-run.ts";
import { planLines, plansOf } from "./show-plan.ts";
import { whoIsThere, type Whereabouts } from "./who-is-there.ts";

/** What the subcommands about runs share. */
export type RunTerminal = Whereabouts & { readonly io: Io; readonly signal: AbortSignal };

/** How a run is started, and how it is told of. */
export type StartOptions = { readonly dryRun: boolean; readonly drill: boolean; readonly json: boolean };

/** Starts a runbook in this terminal and follows it to its end, with the same gates as everywhere. */
export async function startRun(
  terminal: RunTerminal,
  { runbook, assignments }: { readonly runbook: string; readonly assignments: readonly string[] },
  { dryRun, drill, json }: StartOptions,
): Promise<number> {
  const inputs = parseAssignments(assignments);
  if (typeof inputs === "string") {
    terminal.io.err(`sealwatch run: ${inputs}`);
    return EXIT.badInput;
  }
  const who = whoIsThere(terminal);
  // With --json the document is the result, and everything else is for the human beside it.
  const io: Io = json ? { ...terminal.io, out: terminal.io.err } : terminal.io;
  return await withCore(terminal, async (core) => {
    const by = await who();
    await core.runs.begin();
    const origin = { surface: "cli" } as const;
    const answer = await core.runs.start({ runbook, inputs, by, origin, dryRun, drill });
    if (!answer.ok) return refused(terminal.io, answer, json);
    io.out(`${answer.runId}: ${terminal.settings.runbooks.get(runbook)?.runbook.title ?? runbook}`);
    const code = await followRun(answer.runId, { io, runs: core.runs, who, signal: terminal.signal });
    await tellResult(terminal.io, core, { runId: answer.runId, dryRun, json });
    return code;
  });
}

type Ended = { readonly runId: string; readonly dryRun: boolean; readonly json: boolean };

async function tellResult(io: Io, core: Core, { runId, dryRun, json }: Ended): Promise<void> {
  const loaded = await core.runs.get(runId);
  if (loaded === undefined) return;
  const events = (await core.store.runs.read(runId)).map(({ event }) => event);
  if (json) {
    const run = reportRun(loaded.run, events);
    io.out(JSON.stringify({ run, plans: plansOf(loaded.run, events), head: digest(loaded.head) }, undefined, 2));
  } else if (dryRun) for (const line of planLines(plansOf(loaded.run, events))) io.out(line);
}

/** Follows a run that is open already, and carries it on when the program that did is gone. */
export async function followOpenRun(terminal: RunTerminal, runId: string): Promise<number> {
  const who = whoIsThere(terminal);
  return await withCore(terminal, async (core) => {
    await core.runs.begin();
    if ((await core.runs.get(runId)) === undefined) return await noSuchRun(terminal.io, core, runId);
    return await followRun(runId, { io: terminal.io, runs: core.runs, who, signal: terminal.signal });
  });
}

/** Makes one person's answer from the run as it stands, or gives undefined when the person thought better of it. */
export type MakeRequest = (run: LoadedRun["run"], by: Actor) => Promise<RunRequest | undefined> | RunRequest;

/** Sends one person's answer to a run, which another process may carry. */
export async function askRun(terminal: RunTerminal, runId: string, make: MakeRequest, json = false): Promise<number> {
  const who = whoIsThere(terminal);
  return await withCore(terminal, async (core) => {
    const loaded = await core.runs.get(runId);
    if (loaded === undefined) return await noSuchRun(terminal.io, core, runId);
    const by = await who();
    const request = await make(loaded.run, by);
    if (request === undefined) return EXIT.failed;
    // Typing takes time: what they may do counts now, not when they began.
    const answer = await core.runs.ask({ ...request, by: await who() });
    if (!answer.ok) return refused(terminal.io, answer, json);
    terminal.io.out(json ? JSON.stringify({ ...answer, by: by.name }) : `${by.name}: taken`);
    return EXIT.fine;
  });
}

/** Opens the core for as long as a task takes. */
export async function withCore(
  { settings, env }: Pick<RunTerminal, "settings" | "env">,
  task: (core: Core) => Promise<number>,
): Promise<number> {
  const core = await openCore({
    config: settings.config,
    env,
    catalog: () => settings.runbooks,
    logger: createLogger("warn"),
  });
  try {
    await core.discover();
    return await task(core);
  } finally {
    await core.close();
  }
}

function parseAssignments(assignments: readonly string[]): Record<string, string> | string {
  const inputs: Record<string, string> = {};
  for (const assignment of assignments) {
    const equals = assignment.indexOf("=");
    if (equals < 1) return `"${assignment}" is not name=value`;
    inputs[assignment.slice(0, equals)] = assignment.slice(equals + 1);
  }
  return inputs;
}

/** Prints why somebody's wish was not fulfilled; with `json` the reason's code too, for programs. */
export function refused(io: Io, { why, code }: Omit<Refusal, "ok">, json = false): number {
  if (json) io.out(JSON.stringify({ ok: false, why, code }));
  else io.err(`sealwatch: ${why}`);
  return EXIT.badInput;
}

type Refusal = Extract<RunAnswer, { ok: false }>;

/** Says that there is no such run, with the nearest that there is. */
export async function noSuchRun(io: Io, core: Core, runId: string): Promise<number> {
  const known = await core.runs.summaries({ limit: 100 });
  const near = suggestion(
    runId,
    known.map(({ id }) => id),
  );
  return refused(io, { why: `there is no run "${runId}"${near}`, code: "no-such-run" });
}
