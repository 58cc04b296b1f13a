import { toFailure } from "../../lib/failure.ts";
import type { AlertGroup, AlertStore, LoadedRun, RunService } from "../../runner/ports.ts";
import { KEYS } from "../ids.ts";
import { alertCard } from "../render/alert-card.ts";
import { say, type Wanted } from "../render/content.ts";
import { escape, time } from "../render/mrkdwn.ts";
import { alertId } from "../sha256.ts";
import { send, type Sender, type Sent } from "./sender.ts";

/** Gives the runbook that answers an alert group, with the inputs that its labels give; undefined when none does. */
export type MatchAlert = (
  group: AlertGroup,
) => { readonly runbook: string; readonly inputs: Readonly<Record<string, string>> } | undefined;

/** What keeping an alert's card true needs. */
export type AlertKeeper = {
  readonly sender: Sender;
  readonly alerts: AlertStore;
  readonly runs: RunService;
  readonly match: MatchAlert;
  readonly titleOf: (runbook: string) => string | undefined;
  readonly externalUrl: string;
  /** Gives the ids of a group's runs, oldest first. */
  readonly runsOf: (groupKey: string) => readonly string[];
};

/** Makes an alert group's card true; gives its ts. A group that was resolved before anything was said of it stays unsaid. */
export async function keepAlert(keeper: AlertKeeper, key: string, mayExist: boolean): Promise<Sent> {
  const group = await keeper.alerts.get(key);
  if (group === undefined) return { ts: undefined, againMs: undefined };
  const id = await alertId(key);
  const runs = await readRuns(keeper, key);
  const old = await keeper.sender.ledger.known(KEYS.alertCard(id));
  if (old === undefined && group.status === "resolved" && runs.length === 0)
    return { ts: undefined, againMs: undefined };
  if (old !== undefined && group.status === "firing" && old.digest.startsWith("resolved"))
    await sayAgain(keeper, group, id, old.ts);
  const matched = keeper.match(group);
  const title = matched === undefined ? undefined : keeper.titleOf(matched.runbook);
  const runbook = matched === undefined || title === undefined ? undefined : { id: matched.runbook, title };
  const card = alertCard({ group, id, runbook, runs, externalUrl: keeper.externalUrl });
  const wanted: Wanted = {
    ...card,
    key: KEYS.alertCard(id),
    mode: group.status === "resolved" ? "resolved" : "live",
    urgent: true,
  };
  const sent = await send(keeper.sender, wanted, { threadTs: undefined, since: group.startsAt, mayExist });
  if (sent.againMs === undefined && group.status === "resolved") keeper.sender.ledger.retire(KEYS.alert(id));
  return sent;
}

/** Reads the runs of a group, newest first; one that cannot be read is only missing in the card. */
async function readRuns({ runs, runsOf, sender }: AlertKeeper, key: string): Promise<readonly LoadedRun["run"][]> {
  const loaded = await Promise.all(
    runsOf(key).map(async (runId) => {
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

/** An edit notifies nobody: when an alert fires again under its old card, that is said in the open. */
async function sayAgain({ sender }: AlertKeeper, group: AlertGroup, id: string, threadTs: string): Promise<void> {
  const name = group.alerts[0]?.labels["alertname"] ?? "Alert";
  const content = say(`:rotating_light: *${escape(name)}* fires again since ${time(group.startsAt)}`);
  const wanted: Wanted = {
    ...content,
    key: KEYS.alertAgain(id, group.startsAt),
    mode: "once",
    urgent: true,
    broadcast: true,
  };
  await send(sender, wanted, { threadTs, since: group.startsAt, mayExist: false });
}
