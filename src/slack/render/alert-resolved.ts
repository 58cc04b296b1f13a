import { formatDuration } from "../../lib/duration.ts";
import { KEYS } from "../ids.ts";
import { alertNames, type AlertCard } from "./alert-card.ts";
import { say, type Wanted } from "./content.ts";
import { line } from "./mrkdwn.ts";
import { nowWords } from "./run-words.ts";

/** What fired for less is over before anybody looked: its card says so, nobody is called by it. */
const WORTH_A_WORD_MS = 60_000;

/** Draws the reply in the thread of an alert's card that says it is over; undefined while it is not, and when nobody need hear it. */
export function alertResolved({ group, id, runs }: AlertCard): Wanted | undefined {
  const lasted = group.receivedAt - group.startsAt;
  if (group.status !== "resolved" || (runs.length === 0 && lasted <= WORTH_A_WORD_MS)) return undefined;
  const after = lasted > 0 ? ` after ${formatDuration(lasted)}` : "";
  const open = runs.filter(({ status }) => status === "open");
  const still = open.map((run) => `\n:book: ${line(run.runbook.title)} is still open: ${nowWords(run)}`);
  const text = `:white_check_mark: *Resolved*${after}: ${line(alertNames(group))}${still.slice(0, 3).join("")}`;
  return { key: KEYS.alertResolved(id, group.startsAt), mode: "once", urgent: true, ...say(text) };
}
