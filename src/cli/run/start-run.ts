import { openCore, type Core } from "../../app/core.ts";
import { createLogger } from "../../app/logger.ts";
import { createPeople } from "../../app/people.ts";
import type { Settings } from "../../app/load-settings.ts";
import { terminalUser } from "../../app/system.ts";
import type { Actor } from "../../access/person.ts";
import { suggestion } from "../../lib/nearest.ts";
import type { LoadedRun, RunRequest } from "../../runner/ports.ts";
import { EXIT, type Io } from "../io.ts";
import type { Env } from "../settings.ts";
import { followRun } from "./follow-run.ts";

/** What the subcommands about runs share. */
export type RunTerminal = {
  readonly io: Io;
  readonly settings: Settings;
  readonly env: Env;
  readonly signal: AbortSignal;
};

/** Starts a runbook in this terminal and follows it to its end, with the same gates as everywhere. */
export async function startRun(
  terminal: RunTerminal,
  runbook: string,
  assignments: readonly string[],
): Promise<number> {
  const { io } = terminal;
  const inputs = parseAssignments(assignments);
  if (typeof inputs === "string") {
    io.err(`sealwatch run: ${inputs}`);
    return EXIT.badInput;
  }
  return await withCore(terminal, async (core, by) => {
    await core.runs.begin();
    const answer = await core.runs.start({ runbook, inputs, by, origin: { surface: "cli" } });
    if (!answer.ok) return refused(io, answer.why);
    io.out(`${answer.runId}: ${terminal.settings.runbooks.get(runbook)?.runbook.title ?? runbook}`);
    return await followRun(answer.runId, { io, runs: core.runs, by, signal: terminal.signal });
  });
}

/** Follows a run that is open already, and carries it on when the program that did is gone. */
export async function followOpenRun(terminal: RunTerminal, runId: string): Promise<number> {
  return await withCore(terminal, async (core, by) => {
    await core.runs.begin();
    if ((await core.runs.get(runId)) === undefined) return await noSuchRun(terminal.io, core, runId);
    return await followRun(runId, { io: terminal.io, runs: core.runs, by, signal: terminal.signal });
  });
}

/** Makes one person's answer from the run as it stands, or gives undefined when the person thought better of it. */
export type MakeRequest = (run: LoadedRun["run"], by: Actor) => Promise<RunRequest | undefined> | RunRequest;

/** Sends one person's answer to a run, which another process may carry. */
export async function askRun(terminal: RunTerminal, runId: string, make: MakeRequest): Promise<number> {
  return await withCore(terminal, async (core, by) => {
    const loaded = await core.runs.get(runId);
    if (loaded === undefined) return await noSuchRun(terminal.io, core, runId);
    const request = await make(loaded.run, by);
    if (request === undefined) return EXIT.failed;
    const answer = await core.runs.ask(request);
    if (!answer.ok) return refused(terminal.io, answer.why);
    terminal.io.out(`${by.name}: taken`);
    return EXIT.fine;
  });
}

/** Opens the core for as long as a task takes. */
export async function withCore(
  { settings, env }: Pick<RunTerminal, "settings" | "env">,
  task: (core: Core, by: Actor) => Promise<number>,
): Promise<number> {
  const by = createPeople(() => settings.config.access.people).byTerminal(terminalUser());
  const core = openCore({
    config: settings.config,
    env,
    catalog: () => settings.runbooks,
    logger: createLogger("warn"),
  });
  try {
    await core.discover();
    return await task(core, by);
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

function refused(io: Io, why: string): number {
  io.err(`sealwatch: ${why}`);
  return EXIT.badInput;
}

async function noSuchRun(io: Io, core: Core, runId: string): Promise<number> {
  const known = await core.runs.list({ limit: 100 });
  return refused(
    io,
    `there is no run "${runId}"${suggestion(
      runId,
      known.map(({ run }) => run.id),
    )}`,
  );
}
