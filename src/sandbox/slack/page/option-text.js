/* The text of an option with its description. */
import { element } from "./dom.js";
import { mrkdwn, plainText } from "./mrkdwn.js";

/** Draws the text of an option with its description. */
export function optionText(option, context) {
  const { text, description } = option;
  const shown = text.type === "mrkdwn" ? mrkdwn(text.text, context.names) : plainText(text.text);
  const small = description ? [element("small", "", plainText(description.text))] : [];
  return element("span", "option-text", shown, ...small);
}
