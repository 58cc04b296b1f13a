import { choiceCommand } from "../../engine/choice-command.ts";
import type { RunChoice, RunView } from "../../engine/view.ts";
import { html, type Html } from "../../lib/html.ts";
import { shellWord } from "../../lib/shell-word.ts";

/** Shows how each thing that people may do now is done: the command to paste, with what it needs from them. */
export function choicePanel(view: RunView): Html {
  const { gate, choices } = view;
  const commands = choices.map(
    (choice) => html`<dt>${WORDS[choice]}</dt><dd><pre>${choiceCommand(choice, view)}</pre></dd>`,
  );
  return html`<section><h2>What can be done now</h2>
    <p class="soft">In the run's Slack thread, or in a terminal:</p>
    <dl class="commands">${commands}
      ${gate !== undefined && choices.includes("approve") && html`<dt>go past the gate alone (break-glass, where it is allowed)</dt><dd><pre>${breakGlass(view)}</pre></dd>`}
      <dt>take charge of the run</dt><dd><pre>sealwatch take-over ${view.id}</pre></dd>
      <dt>write something down</dt><dd><pre>sealwatch note ${view.id} 'TEXT'</pre></dd></dl>
  </section>`;
}

/** What people may ask for, in words. */
const WORDS: Readonly<Record<RunChoice, string>> = {
  approve: "approve",
  reject: "reject, with a reason",
  answer: "answer",
  "confirm-manual": "confirm that it is done",
  retry: "try again",
  reopen: "re-open the run: its calls are needed although the alert is resolved",
  skip: "skip, with a reason",
  "mark-done": "mark it as done, with a reason",
  abort: "abort, with a reason",
};

function breakGlass({ id, gate, cluster }: RunView): string {
  return `sealwatch approve ${shellWord(id)} ${shellWord(gate?.id ?? "")} --break-glass --phrase ${shellWord(cluster)} --reason 'WHY'`;
}
