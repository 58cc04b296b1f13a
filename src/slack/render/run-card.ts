import type { OpenRun } from "../../engine/run.ts";
import { viewRun } from "../../engine/view.ts";
import type { Timestamp } from "../../lib/clock.ts";
import type { ClusterFacts } from "../insight.ts";
import { ACTIONS, writeValue } from "../ids.ts";
import { stepsBlock } from "./card-steps.ts";
import { clusterWords } from "./cluster-words.ts";
import { buttons, context, header, section, type Block, type Button, type Content } from "./content.ts";
import { leftOf } from "./countdown.ts";
import { isAsked } from "./gate.ts";
import { bold, code, line, link, time } from "./mrkdwn.ts";
import { markWords, nowWords, progressOf, took, type AnyRun } from "./run-words.ts";

/** What a card is drawn from besides the run. */
export type CardContext = {
  readonly externalUrl: string;
  readonly now: Timestamp;
  readonly facts: ClusterFacts | undefined;
  readonly steps: "classic" | "plan";
};

/** Draws a run's card: what, where, where it stands, who is next, how long they have, how the cluster is, the steps, and the buttons of the run. */
export function runCard(run: AnyRun, draw: CardContext): Content {
  const isOpen = run.status === "open";
  const blocks: readonly (Block | undefined)[] = [
    header(plainTitle(run)),
    section([nowWords(run), ...(isOpen ? standing(run, draw) : [])].join("\n")),
    isOpen && draw.facts !== undefined ? clusterSection(draw.facts) : undefined,
    stepsBlock(run, draw.steps),
    context(...facts(run)),
    context(link(pageOf(run, draw.externalUrl), "Run on the web"), `run ${code(run.id)}`),
    isOpen ? cardButtons(run) : undefined,
  ];
  const text = `${markWords(run)}${line(run.runbook.title)} on ${line(run.cluster, 100)}: ${nowWords(run)}`;
  return { text, blocks: blocks.filter((block) => block !== undefined) };
}

/** Gives the address of a run's own page. */
export function pageOf(run: Pick<AnyRun, "id">, externalUrl: string): string {
  return `${externalUrl.replace(/\/$/u, "")}/runs/${encodeURIComponent(run.id)}`;
}

function plainTitle(run: AnyRun): string {
  return `${markWords(run)}${run.runbook.title} (${run.cluster})`;
}

/** The step, and how long the open gate still waits. */
function standing(run: OpenRun, { now }: CardContext): readonly string[] {
  const progress = progressOf(run);
  const step = progress === undefined ? [] : [`*Step ${progress.at} of ${progress.of}:* ${line(progress.title, 120)}`];
  const gate = run.gates.find((record) => isAsked(run, record))?.gate;
  if (gate === undefined) return step;
  const left = leftOf(gate.expiresAt, now).words;
  return [
    ...step,
    `:stopwatch: the gate waits until ${time(gate.expiresAt, "{time}")}${left === undefined ? "" : `, ${left}`}`,
  ];
}

function clusterSection(found: ClusterFacts): Block | undefined {
  const words = clusterWords(found);
  return words === "" ? undefined : section(`*Cluster* ${code(found.cluster, 100)}: ${words}`);
}

function facts(run: AnyRun): readonly (string | undefined)[] {
  const inputs = Object.entries(run.inputs)
    .slice(0, 10)
    .map(
      ([name, value]) => `${line(name, 60)} ${code(typeof value === "string" ? value : JSON.stringify(value), 120)}`,
    );
  return [
    `started by ${bold(run.startedBy.name)} ${time(run.startedAt)}`,
    run.assignee.id === run.startedBy.id ? undefined : `in charge: ${bold(run.assignee.name)}`,
    run.status === "finished" ? `took ${took(run)}` : undefined,
    inputs.join(", "),
    run.status === "open" && run.locked ? ":lock: has the cluster to itself" : undefined,
    alertWords(run),
  ];
}

function alertWords(run: AnyRun): string | undefined {
  // A run that ended hears nothing of its alert any more; the alert's own card does.
  if (run.alert === "none" || (run.status === "finished" && run.alert === "firing")) return undefined;
  if (run.alert === "firing") return ":rotating_light: the alert still fires";
  const again = run.status === "open" && run.reopened ? "; re-opened all the same" : "";
  return `:white_check_mark: the alert is resolved${again}`;
}

/** What is decided at a question stands at the question, with all that it rests on; a wait and a held call may be ended here too. */
function cardButtons(run: OpenRun): Block {
  const { choices, currentStep } = viewRun(run);
  const value = writeValue(run.id, "");
  const ofStep = (button: Omit<Button, "value">): readonly Button[] =>
    currentStep === undefined ? [] : [{ ...button, value: writeValue(run.id, currentStep) }];
  const waits = run.phase.name === "waiting" && choices.includes("skip");
  return buttons(
    ...(choices.includes("reopen") ? ofStep({ action: ACTIONS.reopen, text: "Re-open" }) : []),
    { action: ACTIONS.takeOver, text: "Take over", value },
    ...(waits ? ofStep({ action: ACTIONS.skip, text: "Skip the wait…" }) : []),
    ...(choices.includes("abort") ? [{ action: ACTIONS.abort, text: "Abort…", value, style: "danger" } as const] : []),
  );
}
