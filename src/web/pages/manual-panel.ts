import type { Manual } from "../../engine/run.ts";
import type { RunView } from "../../engine/view.ts";
import { html, type Html } from "../../lib/html.ts";
import { inline, prose } from "../prose.ts";

/** Shows the work that a human has to do now, with the commands to copy and how far it has come. */
export function manualPanel({ text, commands, watch }: Manual, view: RunView): Html {
  return html`<section class="call"><h2>Work for a human</h2>${prose(text)}
    ${commands.map((command) => html`<pre>${command}</pre>`)}
    ${view.progress !== undefined && html`<p><b>${inline(view.progress)}</b></p>`}
    <p class="soft">${watch === undefined ? "Confirm it in the run's Slack thread or in a terminal when it is done." : "The run goes on by itself when it sees the effect."}</p>
  </section>`;
}
