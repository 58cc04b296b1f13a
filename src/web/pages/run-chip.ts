import type { RunView } from "../../engine/view.ts";
import { html, type Html } from "../../lib/html.ts";

const TONES: Readonly<Record<RunView["state"], string>> = {
  running: "warn",
  waiting: "bad",
  resolved: "ok",
  stopped: "idle",
  failed: "bad",
  aborted: "idle",
  planned: "idle",
};

/** Shows a run's state as a word with a colour; red means that a human has to do something. */
export function runChip(state: RunView["state"]): Html {
  return html`<span class="chip ${TONES[state]}">${state}</span>`;
}
