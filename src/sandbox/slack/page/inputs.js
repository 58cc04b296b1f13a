/* The inputs of a modal: their values are read when it is submitted. */
import { element } from "./dom.js";
import { selectNode } from "./elements.js";
import { plainText } from "./mrkdwn.js";
import { optionText } from "./option-text.js";
import { searchNode } from "./search.js";

/** Draws an `input` block with its label, hint and error. */
export function drawInputBlock(block, context) {
  const label = element("strong", "", block.label.text);
  if (block.optional) label.append(element("span", "optional", " (optional)"));
  const error = context.errors?.[block.block_id];
  const node = element("div", error ? "input wrong" : "input", label, drawInput(block, context));
  if (error) node.append(element("span", "error", error));
  if (block.hint) node.append(element("span", "hint", plainText(block.hint.text)));
  return node;
}

/** Reads the values of a modal's inputs, by block id; those that are empty are left out. */
export function readValues(form) {
  const read = [...form.querySelectorAll("[data-block-id]")].map((input) => [input.dataset.blockId, valueOf(input)]);
  return Object.fromEntries(read.filter(([, value]) => value !== "" && value !== undefined && value.length > 0));
}

/** Puts values back that were read before. */
export function writeValues(form, values) {
  for (const input of form.querySelectorAll("[data-block-id]")) {
    const value = values[input.dataset.blockId];
    if (value === undefined) continue;
    if (input.setValue) input.setValue(value);
    else if (input.multiple) for (const option of input.options) option.selected = value.includes(option.value);
    else input.value = value;
  }
}

function valueOf(input) {
  if (input.readValue) return input.readValue();
  return input.multiple ? [...input.selectedOptions].map(({ value }) => value) : input.value;
}

function drawInput(block, context) {
  const { element: part } = block;
  const node = inputNode(part, context);
  node.dataset.blockId = block.block_id;
  return node;
}

function inputNode(part, context) {
  if (part.type === "external_select" || part.type === "multi_external_select") return searchNode(part, context);
  if (part.type.endsWith("_select")) return selectNode(part, context);
  if (part.type === "radio_buttons") return choiceNode(part, context, "radio");
  if (part.type === "checkboxes") return choiceNode(part, context, "checkbox");
  return fieldNode(part);
}

const FIELD_TYPES = {
  number_input: "number",
  email_text_input: "email",
  url_text_input: "url",
  datepicker: "date",
  timepicker: "time",
};

function fieldNode(part) {
  const node = document.createElement(part.multiline ? "textarea" : "input");
  if (!part.multiline) node.type = FIELD_TYPES[part.type] ?? "text";
  node.value = part.initial_value ?? part.initial_date ?? part.initial_time ?? "";
  node.placeholder = part.placeholder?.text ?? "";
  node.autocomplete = "off";
  if (part.max_length) node.maxLength = part.max_length;
  return node;
}

function choiceNode(part, context, type) {
  const chosen = new Set((part.initial_options ?? [part.initial_option].filter(Boolean)).map(({ value }) => value));
  const box = element("div", "choices");
  for (const option of part.options) {
    const input = element("input", "");
    Object.assign(input, { type, name: part.action_id, value: option.value, checked: chosen.has(option.value) });
    box.append(element("label", "choice", input, optionText(option, context)));
  }
  const checked = () => [...box.querySelectorAll("input:checked")].map(({ value }) => value);
  box.readValue = () => (type === "radio" ? (checked()[0] ?? "") : checked());
  box.setValue = (value) => {
    for (const input of box.querySelectorAll("input")) input.checked = [value].flat().includes(input.value);
  };
  return box;
}
