import type { Gate, OpenRun } from "../../engine/run.ts";
import type { LoadedRun, RunService, SentMessage } from "../../runner/ports.ts";
import { KEYS, parseOpenKey } from "../ids.ts";
import { closedMessage } from "../render/closed.ts";
import { runMessages, type RunContext } from "../render/run-messages.ts";
import type { Wanted } from "../render/content.ts";
import { close, send, type Sender, type Sent } from "./sender.ts";

/** As `RunContext`, before anybody was asked who may approve. */
export type RunDrawing = Omit<RunContext, "approversOf" | "breakGlass"> & {
  /** Whether one person may go past a gate alone at this moment; default: nobody may. */
  readonly breakGlass?: () => boolean;
  readonly approversOf: (run: OpenRun, gate: Gate) => Promise<readonly string[]>;
};

/** What keeping a run's messages true needs. */
export type RunKeeper = {
  readonly sender: Sender;
  readonly runs: RunService;
  readonly draw: RunDrawing;
  /** Hears which alert group a run belongs to. */
  readonly noteGroup: (runId: string, group: string) => void;
  /** Makes the card of an alert group true and gives its ts: the run's thread hangs there. */
  readonly alertRoot: (group: string) => Promise<Sent>;
};

/** Makes all messages of a run true, one after another; gives after how long it must be looked at again, if it must. */
export async function keepRun(keeper: RunKeeper, runId: string, mayExist: boolean): Promise<number | undefined> {
  const loaded = await keeper.runs.get(runId);
  if (loaded === undefined) return undefined;
  const { alertGroup } = loaded.run.origin;
  if (alertGroup !== undefined) keeper.noteGroup(runId, alertGroup);
  const wanted = runMessages(loaded, await contextFor(loaded.run, keeper.draw));
  const closing = await closeOthers(keeper, loaded, wanted);
  const sending = await sendAll(keeper, loaded, wanted, mayExist);
  const again = earliest(closing, sending);
  if (again === undefined && loaded.run.status === "finished") keeper.sender.ledger.retire(KEYS.run(runId));
  return again;
}

/** Drawing asks nobody: who may approve the open gates is found out before. */
async function contextFor(run: LoadedRun["run"], draw: RunDrawing): Promise<RunContext> {
  const approvers = new Map<string, readonly string[]>();
  if (run.status === "open")
    for (const { gate } of run.gates.filter(({ outcome }) => outcome === "open"))
      approvers.set(gate.id, await draw.approversOf(run, gate));
  const breakGlass = draw.breakGlass?.() ?? false;
  return { externalUrl: draw.externalUrl, breakGlass, approversOf: (_, { id }) => approvers.get(id) ?? [] };
}

async function sendAll(
  keeper: RunKeeper,
  { run }: LoadedRun,
  wanted: readonly Wanted[],
  mayExist: boolean,
): Promise<number | undefined> {
  const { alertGroup } = run.origin;
  const root = alertGroup === undefined ? undefined : await keeper.alertRoot(alertGroup);
  if (root?.againMs !== undefined && root.ts === undefined) return root.againMs;
  let threadTs = root?.ts;
  let again = root?.againMs;
  for (const message of wanted) {
    const sent = await send(keeper.sender, message, { threadTs, since: run.startedAt, mayExist });
    again = earliest(again, sent.againMs);
    // The thread is told in order: nothing overtakes a post that has to wait.
    if (sent.ts === undefined) return again;
    threadTs ??= sent.ts;
  }
  return again;
}

/** Questions that the run no longer asks lose their buttons. */
async function closeOthers(
  { sender }: RunKeeper,
  { run }: LoadedRun,
  wanted: readonly Wanted[],
): Promise<number | undefined> {
  const keys = new Set(wanted.map((message) => message.key));
  const sent = await sender.ledger.listed(KEYS.run(run.id));
  let again: number | undefined;
  for (const message of sent.filter((held) => !keys.has(held.key) && mayHaveButtons(held))) {
    const asked = parseOpenKey(message.key);
    if (asked === undefined) continue;
    const content = closedMessage(run, asked.kind, asked.step, sender.ledger.lastContent(message.key));
    again = earliest(again, (await close(sender, message, content)).againMs);
  }
  return again;
}

function mayHaveButtons({ digest }: SentMessage): boolean {
  return !digest.startsWith("closed:");
}

function earliest(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.min(left, right);
}
