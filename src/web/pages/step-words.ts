import { answerWords } from "../../engine/answer-words.ts";
import { formatDuration } from "../../lib/duration.ts";
import { html, type Html } from "../../lib/html.ts";
import { stepKind, type Step } from "../../runbook/schema.ts";
import { inline, prose } from "../prose.ts";
import { templateText, type KnownInputs } from "../template-text.ts";

/** Says in words what a step will do, before any run. */
export function stepWords(step: Step, inputs: KnownInputs): Html {
  const fill = (text: string) => templateText(text, inputs);
  const title = step.title === undefined ? step.id.replaceAll("_", " ") : fill(step.title);
  return html`<li><b>${inline(title)}</b> <span class="soft">${stepKind(step)}</span>
    ${step.when !== undefined && html`<p class="soft">Only if <code>${step.when}</code></p>`}
    ${describe(step, fill, (inner) => stepWords(inner, inputs))}</li>`;
}

function describe(step: Step, fill: (text: string) => string, deeper: (step: Step) => Html): Html {
  if ("check" in step) {
    const otherwise = step.otherwise;
    return html`<p>Reads <code>${step.check}</code>${step.expect !== undefined && html` and expects <code>${step.expect}</code>`}.
      ${otherwise?.finish !== undefined && html`Otherwise the run ends there (${otherwise.finish}):`}</p>
      ${otherwise !== undefined && prose(fill(otherwise.say))}`;
  }
  if ("wait" in step)
    return html`<p>Reads <code>${step.wait}</code> every ${formatDuration(step.every)} until <code>${step.until}</code>,
      for ${formatDuration(step.timeout)} at most.</p>`;
  if ("do" in step)
    return html`<p>Carries out <code>${step.do}</code> behind a gate${step.gate?.approvals !== undefined && html` of ${step.gate.approvals}`}:
      reads what must hold, asks people, reads it again, calls once, and looks whether it took effect.</p>`;
  if ("manual" in step)
    return html`${prose(fill(step.manual))}${step.commands.map((command) => html`<pre class="preview">${fill(command)}</pre>`)}
      ${step.watch !== undefined && html`<p class="soft">Goes on by itself when <code>${step.watch.check}</code> says <code>${step.watch.until}</code>.</p>`}`;
  if ("say" in step) return prose(fill(step.say));
  return describeMore(step, fill, deeper);
}

type More = Extract<Step, { ask: string } | { include: string } | { forEach: string }>;

function describeMore(step: More, fill: (text: string) => string, deeper: (step: Step) => Html): Html {
  if ("ask" in step)
    return html`${prose(fill(step.ask))}<p class="soft">Answered by a person with ${answerWords(step.answer)}.</p>`;
  if ("include" in step)
    return html`<p>Carries out the steps of <a href="/runbooks/${encodeURIComponent(step.include)}"><code>${step.include}</code></a>.</p>`;
  return html`<p>For each <code>${step.as}</code> of <code>${step.forEach}</code>, one after the other:</p>
    <ol>${step.steps.map(deeper)}</ol>`;
}
