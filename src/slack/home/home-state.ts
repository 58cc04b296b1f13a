import type { OpenRun } from "../../engine/run.ts";
import type { ListedRun } from "../../runner/ports.ts";
import type { Bot } from "../bot.ts";
import { KEYS } from "../ids.ts";
import type { BackupFacts, ClusterFacts, DrillFacts } from "../insight.ts";

/** A run that waits for people, with the addresses of its messages. */
export type WaitingRun = {
  readonly run: OpenRun;
  /** Where its open gate stands, if it has one and Slack shows it already. */
  readonly gateLink: string | undefined;
  readonly cardLink: string | undefined;
};

/** HomeState is what all Homes are drawn from; what is one person's own is judged when it is drawn. */
export type HomeState = {
  /** Every open run, newest first. */
  readonly open: readonly ListedRun[];
  /** Those of them that wait for people: at gates first, and the oldest of each first. */
  readonly waiting: readonly WaitingRun[];
  readonly clusters: readonly { readonly name: string; readonly facts: ClusterFacts | undefined }[];
  readonly backups: readonly BackupFacts[];
  readonly drills: readonly DrillFacts[];
};

/** What reading the state needs. */
export type HomeReader = Pick<Bot, "runs" | "insight" | "clusters"> & {
  readonly linkOf: (messageKey: string) => Promise<string | undefined>;
};

const OPEN_RUNS = 200;
/** More of each nobody answers from one page; the list of open runs has them all. */
const MOST = { gates: 60, others: 30 } as const;

/** Reads what all Homes are drawn from. Rejects when the store does; what nobody knows of clusters is only missing. */
export async function readHomeState(reader: HomeReader): Promise<HomeState> {
  const { runs, insight, clusters } = reader;
  const [open, facts, backups, drills] = await Promise.all([
    runs.summaries({ open: true, limit: OPEN_RUNS }),
    Promise.all(clusters.map(async ({ name }) => ({ name, facts: await insight.cluster(name) }))),
    insight.backups(),
    insight.drills(),
  ]);
  const oldest = open.filter(({ summary }) => summary.state === "waiting").toReversed();
  const [gates, others] = [oldest.filter(isAtGate), oldest.filter((run) => !isAtGate(run))];
  const chosen = [...gates.slice(0, MOST.gates), ...others.slice(0, MOST.others)];
  const waiting = await Promise.all(chosen.map(async ({ id }) => await readWaiting(reader, id)));
  return { open, clusters: facts, backups, drills, waiting: waiting.filter((held) => held !== undefined) };
}

function isAtGate({ summary }: ListedRun): boolean {
  return summary.phase === "gate";
}

async function readWaiting({ runs, linkOf }: HomeReader, runId: string): Promise<WaitingRun | undefined> {
  const run = (await runs.get(runId))?.run;
  if (run?.status !== "open") return undefined;
  const gate = run.phase.name === "gate" ? run.phase.gate.id : undefined;
  const [gateLink, cardLink] = await Promise.all([
    gate === undefined ? undefined : linkOf(KEYS.gate(runId, gate)),
    linkOf(KEYS.runCard(runId)),
  ]);
  return { run, gateLink, cardLink };
}
