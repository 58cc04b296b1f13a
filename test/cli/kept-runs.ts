import type { RunCommand } from "../../src/engine/commands.ts";
import { Runbook } from "../../src/runbook/schema.ts";
import { summarize } from "../../src/runner/summarize.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { play, runbook, start, T0 } from "../engine/run-specification.ts";
import type { ClusterFiles } from "./cluster-files.ts";

/** How runs are kept. */
export type Keeping = {
  /** The run that has cluster prod to itself. */
  readonly locked?: { readonly runId: string; readonly since: number };
  /** When they began; default: when specifications do, so that every gate has expired by now. */
  readonly began?: number;
};

/** Puts runs into a store, each where its commands lead. */
export async function keepRuns(
  { store: path }: Pick<ClusterFiles, "store">,
  runs: Readonly<Record<string, readonly RunCommand[]>>,
  { locked, began = T0 }: Keeping = {},
): Promise<void> {
  const store = openSqliteStore({ path });
  for (const [runId, commands] of Object.entries(runs)) {
    const own = commands.map((command): RunCommand => ownCommand({ ...command, at: command.at - T0 + began }, runId));
    const { run, events } = play(own);
    if (run.status === "none") throw new Error("the commands begin no run");
    await store.runs.append(runId, 0, events, summarize(run));
  }
  if (locked !== undefined) await store.locks.acquire("prod", locked.runId, locked.since);
  store.close();
}

/** The specifications' runbook with expressions that the real checks can answer: the program reads it when somebody answers the run. */
const real = Runbook.parse({
  ...runbook,
  steps: [
    {
      id: "peers",
      check: "vault.raft-peers",
      with: { node: "${inputs.node}" },
      expect: "!result.peer_answers",
      otherwise: { finish: "stopped", say: "it is up" },
    },
    { id: "gone", manual: "Is the machine gone?" },
    { id: "remove", do: "vault.raft-remove-peer", with: { node: "${inputs.node}" } },
    {
      id: "absent",
      wait: "vault.raft-peers",
      with: { node: "${inputs.node}" },
      until: "!result.peer_known",
      every: "1s",
      timeout: "1m",
    },
    { id: "bye", say: "Done." },
  ],
});

/** The specifications' run is R1: what names it is this run's. */
function ownCommand(command: RunCommand, runId: string): RunCommand {
  if (command.type === "Start") return { ...start, ...command, runId, runbook: real };
  if (command.type !== "RecordLock" || !command.outcome.ok || command.outcome.value.runId !== "R1") return command;
  return { ...command, outcome: { ok: true, value: { ...command.outcome.value, runId } } };
}
