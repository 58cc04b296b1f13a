import type { Actor } from "../../access/person.ts";
import { viewRun } from "../../engine/view.ts";
import type { Catalog } from "../bot.ts";
import { bold, code, line, link, time } from "../render/mrkdwn.ts";
import type { HomeState, WaitingRun } from "./home-state.ts";
import { couldMoveOn } from "./whose-turn.ts";

const TEXT = 200;

/** Writes a line for each run that waits for something a person may do, besides approving. */
export function waitingLines(waiting: readonly WaitingRun[], actor: Actor): readonly string[] {
  return waiting
    .filter(({ run }) => couldMoveOn(actor, run))
    .map(({ run, cardLink }) => {
      const open = link(cardLink, "open");
      const words = line(viewRun(run).stateText, TEXT);
      return `:raised_hand: ${bold(run.runbook.title)} on ${code(run.cluster)}: ${words}${open === undefined ? "" : ` · ${open}`}`;
    });
}

/** Writes a line for each open run. */
export function openLines(
  { open }: Pick<HomeState, "open">,
  { catalog, externalUrl }: { readonly catalog: Catalog; readonly externalUrl: string },
): readonly string[] {
  return open.map(({ id, summary }) => {
    const title = catalog().get(summary.runbook)?.runbook.title ?? summary.runbook;
    const page = link(`${externalUrl.replace(/\/$/u, "")}/runs/${encodeURIComponent(id)}`, id) ?? code(id);
    const sign = summary.state === "waiting" ? ":hourglass_flowing_sand:" : ":large_blue_circle:";
    const mark = summary.drill ? "DRILL · " : "";
    return `${sign} ${page} ${bold(`${mark}${title}`)} on ${code(summary.cluster)}: ${wordOf(summary.phase)}, ${line(summary.startedBy, 80)} ${time(summary.startedAt)}`;
  });
}

/** What a run is about, in a word that people know; a phase without one is the program's own work. */
const PHASES: Readonly<Record<string, string>> = {
  gate: "waits for approval",
  manual: "waits for work by a human",
  asking: "waits for an answer",
  stuck: "stuck",
  unknown: "did it happen?",
  locking: "waits for the cluster",
  held: "held: its alert is resolved",
};

function wordOf(phase: string): string {
  return PHASES[phase] ?? "at work";
}
