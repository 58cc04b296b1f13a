import type { OpenKind } from "../ids.ts";
import { context, section, type Block, type Content } from "./content.ts";
import { bold, line, time } from "./mrkdwn.ts";
import { resultWords, stepSign, stepTitle, type AnyRun } from "./run-words.ts";

const KIND_WORDS: Readonly<Record<OpenKind, string>> = {
  manual: "Work for a person",
  stuck: "Failed step",
  unknown: "Unknown outcome",
  asking: "Question",
  locked: "Wait for the cluster",
  held: "Held back",
};

const LONGEST = 800;

/**
 * Draws a message whose question was answered: what it said before (when this process sent it), without its buttons, and what
 * became of it.
 */
export function closedMessage(run: AnyRun, kind: OpenKind, step: string, before: Content | undefined): Content {
  const outcome = outcomeWords(run, step);
  const title = `*${KIND_WORDS[kind]}, closed:* ${line(stepTitle(run, step))}`;
  const kept: readonly Block[] =
    before === undefined ? [section(title)] : before.blocks.filter((block) => block.type !== "actions");
  return { text: `${title}: ${outcome}`, blocks: [...kept, section(`*Closed:* ${outcome}`), ...noteBlocks(run, step)] };
}

function outcomeWords(run: AnyRun, step: string): string {
  const approved = approvedBy(run, step);
  if (approved !== undefined) return `:unlock: approved by ${approved}`;
  const record = run.steps.find((held) => held.id === step);
  const text = record?.text === undefined ? "" : `: ${line(record.text, LONGEST)}`;
  if (record?.status === "done" || record?.status === "failed" || record?.status === "skipped") {
    return `${stepSign(record.status)} the step is ${record.status}${text}`;
  }
  if (run.status === "finished") return `${resultWords(run.result)}, the run ended: ${line(run.text, LONGEST)}`;
  return "the run moved on; the newest message of this thread says where it stands";
}

function approvedBy(run: AnyRun, step: string): string | undefined {
  if (run.status !== "open") return undefined;
  const { phase } = run;
  const made = phase.name === "attempted" || phase.name === "probing" || phase.name === "unknown";
  if (!made || phase.step !== step) return undefined;
  return phase.attempt.approvedBy.map((person) => bold(person.name)).join(", ");
}

/** The newest words of a person since the step began: a rejection's or a skip's reason. */
function noteBlocks(run: AnyRun, step: string): readonly Block[] {
  const since = run.steps.find((held) => held.id === step)?.startedAt ?? run.startedAt;
  const note = run.notes.findLast((held) => held.by !== undefined && held.at >= since);
  if (note?.by === undefined) return [];
  return [context(`${bold(note.by.name)} ${time(note.at)}: ${line(note.text, LONGEST)}`)];
}
