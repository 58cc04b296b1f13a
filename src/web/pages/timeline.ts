import type { FinishedRun, OpenRun } from "../../engine/run.ts";
import { html, type Html } from "../../lib/html.ts";
import type { Timestamp } from "../../lib/clock.ts";
import { prose } from "../prose.ts";
import { clockTag } from "../time-tag.ts";

type Entry = { readonly at: Timestamp; readonly who: string | undefined; readonly text: string };

/** Shows what was said and decided, oldest first. */
export function timeline(run: OpenRun | FinishedRun): Html {
  const entries = entriesOf(run).sort((left, right) => left.at - right.at);
  return html`<ol class="rows">${entries.map(
    ({ at, who, text }) =>
      html`<li class="entry"><span class="soft">${clockTag(at, run.startedAt)}</span><div>${who !== undefined && html`<b>${who}</b> `}${prose(text)}</div></li>`,
  )}</ol>`;
}

function entriesOf(run: OpenRun | FinishedRun): Entry[] {
  const gates = run.gates.flatMap(({ gate, text, closedAt }): Entry[] => [
    { at: gate.openedAt, who: undefined, text: `Approval asked for ${gate.plan.explain.call}` },
    ...gate.votes.map(({ at, by }) => ({ at, who: by.name, text: "approved" })),
    ...(closedAt === undefined
      ? []
      : [{ at: closedAt, who: undefined, text: `Gate closed: ${text ?? "no reason given"}` }]),
  ]);
  return [
    { at: run.startedAt, who: run.startedBy.name, text: "started the run" },
    ...run.notes.map(({ at, text, by }) => ({ at, who: by?.name, text })),
    ...gates,
    ...(run.status === "finished"
      ? [{ at: run.finishedAt, who: undefined, text: `Ended, ${run.result}: ${run.text}` }]
      : []),
  ];
}
