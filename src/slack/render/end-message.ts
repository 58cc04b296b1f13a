import type { FinishedRun } from "../../engine/run.ts";
import { formatDuration } from "../../lib/duration.ts";
import { KEYS } from "../ids.ts";
import { context, section, type Block, type Wanted } from "./content.ts";
import { bold, code, line, link, time } from "./mrkdwn.ts";
import { pageOf } from "./run-card.ts";
import { markWords, resultWords, took } from "./run-words.ts";

const SHOWN_LINES = 20;
const SHOWN_EVIDENCE = 10;
const LONGEST = 200;

/** Draws how a run ended: what it took, who did what, what is kept of it, and the chain's head to compare with `sealwatch run verify`. */
export function endMessage(run: FinishedRun, head: string, externalUrl: string): Wanted {
  const title = `${resultWords(run.result)}: ${line(run.text, 800)}`;
  const page = pageOf(run, externalUrl);
  return {
    key: KEYS.end(run.id),
    mode: "once",
    urgent: true,
    broadcast: run.result === "failed" || run.result === "aborted",
    text: `${markWords(run)}${line(run.runbook.title)} on ${line(run.cluster, 100)}: ${title}`,
    blocks: [
      section(title),
      section(whoDidWhat(run)),
      ...evidence(run),
      context(`took ${took(run)}`, stepCounts(run), gateWait(run), `chain head ${code(`sha256:${head}`)}`),
      context(
        link(page, "Run on the web"),
        link(`${page}/export.md`, "Post-mortem (Markdown)"),
        link(`${page}/export.json`, "Timeline (JSON)"),
      ),
    ],
  };
}

function stepCounts({ steps }: FinishedRun): string {
  const counts = (["done", "failed", "skipped", "planned"] as const).map(
    (status) => [status, steps.filter((step) => step.attempts > 0 && step.status === status).length] as const,
  );
  const said = counts.filter(([, count]) => count > 0).map(([status, count]) => `${count} ${status}`);
  return said.length === 0 ? "" : `steps: ${said.join(", ")}`;
}

/** How long people let gates wait. */
function gateWait({ gates, finishedAt }: FinishedRun): string | undefined {
  if (gates.length === 0) return undefined;
  const waits = gates.map(({ gate, closedAt }) => (closedAt ?? finishedAt) - gate.openedAt);
  const sum = waits.reduce((total, wait) => total + wait, 0);
  const longest = waits.length > 1 ? `, the longest ${formatDuration(Math.max(...waits))}` : "";
  return `${waits.length === 1 ? "1 gate" : `${waits.length} gates`} waited ${formatDuration(sum)}${longest}`;
}

function evidence({ evidence: held }: FinishedRun): readonly Block[] {
  if (held.length === 0) return [];
  const lines = held
    .slice(0, SHOWN_EVIDENCE)
    .map(
      ({ by, name, bytes, sha256 }) =>
        `• ${code(name, 100)} by ${bold(by.name)}, ${bytes} bytes, ${code(`sha256:${sha256}`)}`,
    );
  const more = held.length > SHOWN_EVIDENCE ? [`_and ${held.length - SHOWN_EVIDENCE} more on the web_`] : [];
  return [section(["*Evidence*", ...lines, ...more].join("\n"))];
}

type Line = { readonly at: number; readonly text: string };

/** Starts, approvals, rejections and words of people, by time; in the middle of a long list something is left out. */
function whoDidWhat(run: FinishedRun): string {
  const lines = [...ofGates(run), ...ofWords(run)]
    .toSorted((left, right) => left.at - right.at)
    .map(({ at, text }) => `• ${time(at, "{time}")} ${text}`);
  const half = SHOWN_LINES / 2;
  const left = lines.length - SHOWN_LINES;
  const shown = left > 0 ? [...lines.slice(0, half), `_… ${left} more on the web_`, ...lines.slice(-half)] : lines;
  return [`• ${bold(run.startedBy.name)} started the run ${time(run.startedAt)}`, ...shown].join("\n");
}

function ofGates({ gates, finishedAt }: FinishedRun): readonly Line[] {
  const votes = gates.flatMap(({ gate }) =>
    gate.votes.map((vote) => ({
      at: vote.at,
      text: `${bold(vote.by.name)} approved ${code(gate.plan.explain.call, LONGEST)}`,
    })),
  );
  const ended = gates.flatMap(({ outcome, brokenBy, text, closedAt }) =>
    (outcome === "rejected" || brokenBy !== undefined) && text !== undefined
      ? [{ at: closedAt ?? finishedAt, text: line(text, LONGEST) }]
      : [],
  );
  return [...votes, ...ended];
}

function ofWords({ notes, steps, finishedAt }: FinishedRun): readonly Line[] {
  const said = notes.flatMap(({ at, by, text }) =>
    by === undefined ? [] : [{ at, text: `${bold(by.name)}: ${line(text, LONGEST)}` }],
  );
  const answered = steps.flatMap(({ by, title, text, endedAt }) =>
    by === undefined ? [] : [{ at: endedAt ?? finishedAt, text: `${line(title, 100)}: ${line(text ?? "", LONGEST)}` }],
  );
  return [...said, ...answered];
}
