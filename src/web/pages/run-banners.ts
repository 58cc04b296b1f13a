import type { FinishedRun, OpenRun } from "../../engine/run.ts";
import { html, type Html } from "../../lib/html.ts";
import { inline } from "../prose.ts";

/** Shows loudly what makes a run unlike others: a dry run, a drill, a gate that one person went past. */
export function runBanners({ dryRun, drill, gates }: OpenRun | FinishedRun): Html {
  const broken = gates.flatMap(({ gate, brokenBy, text }) =>
    brokenBy === undefined ? [] : [{ gate, brokenBy, text }],
  );
  return html`${dryRun && html`<p class="banner idle">Dry run: it reads and plans, and calls nothing that changes anything.</p>`}
    ${drill && html`<p class="banner idle">Drill: it is carried out to practise; its calls are real.</p>`}
    ${broken.map(
      ({ gate, brokenBy, text = "" }) =>
        html`<p class="banner bad">${inline(text.startsWith("BREAK-GLASS") ? text : `BREAK-GLASS by ${brokenBy.name} alone; ${text}`)} (gate ${gate.id}: ${inline(gate.plan.explain.call)})</p>`,
    )}`;
}
