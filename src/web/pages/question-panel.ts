import { answerWords } from "../../engine/answer-words.ts";
import type { RunView } from "../../engine/view.ts";
import { html, type Html } from "../../lib/html.ts";
import { prose } from "../prose.ts";

/** Shows what a person is asked and what may be answered. Nothing can be typed here. */
export function questionPanel({ text, answer }: NonNullable<RunView["question"]>): Html {
  return html`<section class="call"><h2>A question</h2>${prose(text)}
    <p>Answer with <b>${answerWords(answer)}</b>${answer.type === "enum" && html`: ${answer.options.map((option) => html`<code>${option}</code> `)}`}</p>
  </section>`;
}
