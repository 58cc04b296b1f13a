import type { Timestamp } from "../../../lib/clock.ts";
import type { LoadedRun, RunService, SentMessage } from "../../../runner/ports.ts";
import { KEYS, parseOpenKey } from "../../ids.ts";
import { closedMessage } from "../../render/closed.ts";
import type { Wanted } from "../../render/content.ts";
import { isClosed } from "../digest.ts";
import { close } from "../edit.ts";
import type { Records } from "../ledger.ts";
import { EDIT_LANE } from "../pace/lanes.ts";
import type { RunGroups } from "../run-groups.ts";
import type { Sender, Thread } from "../sender.ts";
import type { AlertPlan } from "./plan-alert.ts";
import { TRUE_ALREADY, type Plan, type Step } from "./plan.ts";
import { rankOfRunMessage } from "./rank-of.ts";
import { drawRun, type RunDrawing } from "./run-drawing.ts";
import { threadSteps } from "./thread-steps.ts";

/** What planning a run's messages needs. */
export type RunPlanner = {
  readonly sender: Sender;
  readonly runs: Pick<RunService, "get">;
  readonly groups: RunGroups;
  readonly drawing: RunDrawing;
  readonly channelOf: (cluster: string | undefined) => string;
  /** Plans the card of an alert group: its runs' threads hang there. */
  readonly planAlert: (group: string) => Promise<AlertPlan>;
};

/** A run that ended longer ago than this without a word in Slack stays unsaid. */
const OLD_MS = 24 * 60 * 60_000;

/** Plans a run's messages, and before them the card of the alert that it answers. */
export async function planRun(planner: RunPlanner, runId: string): Promise<Plan> {
  const { sender, runs, groups, drawing } = planner;
  const loaded = await runs.get(runId);
  if (loaded === undefined) return TRUE_ALREADY;
  const { run } = loaded;
  const records = await sender.ledger.records(KEYS.run(runId));
  if (records.size === 0 && run.status === "finished" && run.finishedAt < drawing.clock.now() - OLD_MS)
    return TRUE_ALREADY;
  const { alertGroup } = run.origin;
  if (alertGroup !== undefined) groups.note(runId, alertGroup);
  const alert = alertGroup === undefined ? undefined : await planner.planAlert(alertGroup);
  // Its thread has nothing to hang on yet.
  if (alert?.root === "missing") return { steps: alert.steps, againAt: undefined };
  const drawn = await drawRun(drawing, loaded, records);
  const place = placing(planner, { run, records, root: alert?.root });
  const steps = await threadSteps(sender, {
    subject: KEYS.run(runId),
    wanted: drawn.messages,
    records,
    threadOf: place,
    order: 0,
    rankOf: rankOfRunMessage,
  });
  const closings = closingSteps(planner, loaded, { wanted: drawn.messages, records, place });
  return { steps: [...(alert?.steps ?? []), ...closings, ...steps], againAt: drawn.againAt };
}

type Placed = {
  readonly run: LoadedRun["run"];
  readonly records: Records;
  readonly root: SentMessage | undefined;
};

/** A run's messages hang on its alert's card or, without one, on its own. */
function placing({ channelOf }: RunPlanner, { run, records, root }: Placed): (message: { key: string }) => Thread {
  const cardKey = KEYS.runCard(run.id);
  const card = records.get(cardKey);
  const since: Timestamp = run.startedAt;
  return ({ key }) => {
    const hangsOn = root ?? (key === cardKey ? undefined : card);
    const channel = hangsOn?.channel ?? card?.channel ?? channelOf(run.cluster);
    return { place: { channel, threadTs: hangsOn?.ts }, root: hangsOn, since };
  };
}

type Asked = {
  readonly wanted: readonly Wanted[];
  readonly records: Records;
  readonly place: (message: { key: string }) => Thread;
};

/** Questions that the run no longer asks lose their buttons. */
function closingSteps({ sender }: RunPlanner, { run }: LoadedRun, { wanted, records, place }: Asked): readonly Step[] {
  const keys = new Set(wanted.map(({ key }) => key));
  return [...records.values()].flatMap((record) => {
    const asked = parseOpenKey(record.key);
    const isPosting = sender.ledger.posting.has(record.key);
    if (asked === undefined || keys.has(record.key) || isClosed(record.digest) || isPosting) return [];
    const content = closedMessage(run, asked.kind, asked.step, sender.recent.content(record.key));
    return [
      {
        id: `close:${record.key}`,
        lane: EDIT_LANE,
        rank: 0 as const,
        order: 0,
        notBefore: 0,
        carryOut: async () => await close(sender, { record, content, thread: place(record) }),
      },
    ];
  });
}
