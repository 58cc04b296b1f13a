import { toFailure } from "../../../lib/failure.ts";
import type { AlertGroup, AlertStore, LoadedRun, RunService, SentMessage } from "../../../runner/ports.ts";
import { KEYS } from "../../ids.ts";
import type { AlertCard } from "../../render/alert-card.ts";
import { alertMessages } from "../../render/alert-messages.ts";
import { say, type Wanted } from "../../render/content.ts";
import { escape, time } from "../../render/mrkdwn.ts";
import { alertId } from "../../sha256.ts";
import type { MatchAlert } from "../match-alert.ts";
import type { Records } from "../ledger.ts";
import type { RunGroups } from "../run-groups.ts";
import type { Sender, Thread } from "../sender.ts";
import type { Plan } from "./plan.ts";
import { rankOfAlert, severityOf } from "./rank-of.ts";
import { threadSteps } from "./thread-steps.ts";

/** What planning an alert group's card needs. */
export type AlertPlanner = {
  readonly sender: Sender;
  readonly alerts: AlertStore;
  readonly runs: Pick<RunService, "get">;
  readonly groups: RunGroups;
  readonly match: MatchAlert;
  /** Gives the runbook that answers an alert group, and others that could. */
  readonly offered: (group: AlertGroup) => Required<Pick<AlertCard, "runbook" | "others">>;
  readonly channelOf: (cluster: string | undefined) => string;
  readonly externalUrl: string;
};

/** As `Plan`, with the card as it is known to stand: undefined when there is none to come. */
export type AlertPlan = Plan & { readonly root: SentMessage | "missing" | undefined };

/** Plans an alert group's card. A group that was resolved before anything was said of it stays unsaid. */
export async function planAlert(planner: AlertPlanner, groupKey: string): Promise<AlertPlan> {
  const nothing: AlertPlan = { steps: [], againAt: undefined, root: undefined };
  const group = await planner.alerts.get(groupKey);
  if (group === undefined) return nothing;
  const id = await alertId(groupKey);
  const records = await planner.sender.ledger.records(KEYS.alert(id));
  const runs = await readRuns(planner, groupKey);
  const old = records.get(KEYS.alertCard(id));
  if (old === undefined && group.status === "resolved" && runs.length === 0) return nothing;
  const wanted = [
    ...againMessages(group, id, records),
    ...alertMessages({ group, id, ...planner.offered(group), runs, externalUrl: planner.externalUrl }),
  ];
  const severity = severityOf(group);
  const steps = await threadSteps(planner.sender, {
    subject: `alert:${groupKey}`,
    // The card says "resolved" until the thread says that it fires again: so that this is never forgotten.
    wanted: isUnsaid(wanted[0], records) ? wanted.slice(0, 1) : wanted,
    records,
    threadOf: (message) => threadOf(planner, group, message.key === KEYS.alertCard(id) ? undefined : old),
    order: severity,
    rankOf: () => rankOfAlert(severity),
  });
  return { steps, againAt: undefined, root: old?.ts === undefined ? "missing" : old };
}

function threadOf({ channelOf, match }: AlertPlanner, group: AlertGroup, root: SentMessage | undefined): Thread {
  const cluster = group.alerts[0]?.labels["vault_cluster"] ?? match(group)?.inputs["cluster"];
  const channel = root?.channel ?? channelOf(cluster);
  return { place: { channel, threadTs: root?.ts }, root, since: group.startsAt };
}

/** An edit notifies nobody: when an alert fires again under its old card, that is said in the open. */
function againMessages(group: AlertGroup, id: string, records: Records): readonly Wanted[] {
  const card = records.get(KEYS.alertCard(id));
  if (card?.ts === undefined || group.status !== "firing" || !card.digest.startsWith("resolved")) return [];
  const name = group.alerts[0]?.labels["alertname"] ?? "Alert";
  const content = say(`:rotating_light: *${escape(name)}* fires again since ${time(group.startsAt)}`);
  const key = KEYS.alertAgain(id, group.startsAt);
  return [{ ...content, key, mode: "once", urgent: true, broadcast: true }];
}

function isUnsaid(first: Wanted | undefined, records: Records): boolean {
  return first?.mode === "once" && records.get(first.key)?.ts === undefined;
}

/** Reads the runs of a group, newest first; one that cannot be read is only missing in the card. */
async function readRuns({ runs, groups, sender }: AlertPlanner, key: string): Promise<readonly LoadedRun["run"][]> {
  const ids = await groups.runsOf(key);
  const loaded = await Promise.all(
    ids.map(async (runId) => {
      try {
        return await runs.get(runId);
      } catch (error) {
        sender.logger.warn("cannot read a run for its alert's card", { run: runId, error: toFailure(error).message });
        return undefined;
      }
    }),
  );
  return loaded.flatMap((held) => (held === undefined ? [] : [held.run])).toReversed();
}
