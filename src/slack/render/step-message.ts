import type { StepRecord } from "../../engine/run.ts";
import { formatDuration } from "../../lib/duration.ts";
import { redact } from "../../lib/redact.ts";
import { stepAtPath } from "../../runbook/step-path.ts";
import { KEYS } from "../ids.ts";
import { chartsOf } from "./charts.ts";
import { context, section, type Wanted } from "./content.ts";
import { cutMarkup } from "./cut.ts";
import { escape, line, link, plain } from "./mrkdwn.ts";
import { stepSign, type AnyRun } from "./run-words.ts";

/** More than this is a file: people look at a message, they do not read it. */
const LONG = 2500;
const FIRST_LINES = 12;

/** Draws how a step ended; what is too long for a message goes into a file, with its first lines and a link to the page here. */
export function stepMessage(run: AnyRun, step: StepRecord, page: string): Wanted {
  const text = step.text ?? "";
  const isLong = text.length > LONG;
  const shown = isLong ? firstLines(text) : escape(text);
  const loud = step.status === "done" && isLoud(run, step);
  const head = `${loud ? ":rotating_light:" : stepSign(step.status)} *${line(step.title)}*`;
  const charts = chartsOf(run, step.id);
  const said = shown === "" ? head : `${head}\n${shown}`;
  return {
    key: KEYS.step(run.id, step.id, step.attempts),
    mode: "once",
    ...(loud ? { urgent: true, broadcast: true } : {}),
    text: said,
    blocks: [section(said), context(...small(step), isLong ? link(page, "All of it on the web") : undefined)],
    ...(charts.length === 0 ? {} : { charts }),
    ...(isLong ? { file: { name: fileName(step), text: redact(plain(text)) } } : {}),
  };
}

function isLoud(run: AnyRun, { id }: StepRecord): boolean {
  const declared = stepAtPath(run, id);
  return declared !== undefined && "say" in declared && declared.loud === true;
}

function small(step: StepRecord): readonly (string | undefined)[] {
  const took =
    step.startedAt === undefined || step.endedAt === undefined || step.status === "skipped"
      ? undefined
      : `took ${formatDuration(step.endedAt - step.startedAt)}`;
  return [step.status, took, step.attempts > 1 ? `attempt ${step.attempts}` : undefined];
}

function firstLines(text: string): string {
  const lines = escape(text).split("\n");
  const first = cutMarkup(lines.slice(0, FIRST_LINES).join("\n"), 1200);
  return `${first}\n_… ${lines.length} lines, ${text.length} characters in all_`;
}

/** A step's path has brackets and dots. */
function fileName({ id, attempts }: StepRecord): string {
  return `${id
    .replaceAll(/[^\w-]+/gu, "-")
    .replace(/-$/u, "")
    .slice(0, 80)}-${attempts}.txt`;
}
