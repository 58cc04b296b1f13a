/* Block Kit as DOM nodes, for messages and modals. */
import { element, plainText, mrkdwn } from "./mrkdwn.js";

/** Draws blocks. `context` has `names`, `onClick(button)` and, in modals, `errors` by block id. */
export function drawBlocks(blocks, context) {
  const out = document.createDocumentFragment();
  for (const block of blocks)
    out.append(DRAW[block.type]?.(block, context) ?? element("p", "unknown", `(${block.type})`));
  return out;
}

/** Reads the values of a modal's inputs, by block id. */
export function readValues(form) {
  const filled = [...form.querySelectorAll("[data-block-id]")].filter((input) => input.value !== "");
  return Object.fromEntries(filled.map((input) => [input.dataset.blockId, input.value]));
}

const DRAW = {
  header: (block) => element("h3", "block-header", plainText(block.text.text)),
  divider: () => element("hr", ""),
  section: (block, context) => {
    const node = element("div", "section");
    if (block.text) node.append(element("div", "text", drawText(block.text, context)));
    if (block.fields) node.append(fieldList(block.fields, context));
    if (block.accessory) node.append(drawButton(block.accessory, context));
    return node;
  },
  context: (block, context) => {
    const node = element("div", "context");
    for (const part of block.elements) node.append(element("span", "", drawText(part, context)));
    return node;
  },
  actions: (block, context) => {
    const node = element("div", "actions");
    for (const button of block.elements) node.append(drawButton(button, context));
    return node;
  },
  input: (block, context) => {
    const label = element("label", "input", element("strong", "", block.label.text));
    if (block.optional) label.append(element("span", "optional", " (optional)"));
    label.append(drawInput(block));
    if (block.hint) label.append(element("span", "hint", block.hint.text));
    const error = context.errors?.[block.block_id];
    if (error) label.append(element("span", "error", error));
    return label;
  },
};

function drawText(part, context) {
  return part.type === "mrkdwn" ? mrkdwn(part.text, context.names) : plainText(part.text);
}

function fieldList(fields, context) {
  const list = element("div", "fields");
  for (const field of fields) list.append(element("div", "field", drawText(field, context)));
  return list;
}

function drawButton(button, context) {
  const node = element("button", `button ${button.style ?? ""}`, plainText(button.text.text));
  node.type = "button";
  node.addEventListener("click", () => {
    if (button.confirm && !globalThis.confirm(`${button.confirm.title.text}\n\n${button.confirm.text.text}`)) return;
    context.onClick(button);
  });
  return node;
}

function drawInput(block) {
  const { element: part } = block;
  const node = part.type === "static_select" ? drawSelect(part) : drawField(part);
  node.dataset.blockId = block.block_id;
  return node;
}

function drawField(part) {
  const node = document.createElement(part.multiline ? "textarea" : "input");
  node.value = part.initial_value ?? "";
  node.placeholder = part.placeholder?.text ?? "";
  node.autocomplete = "off";
  if (part.max_length) node.maxLength = part.max_length;
  return node;
}

function drawSelect(part) {
  const node = document.createElement("select");
  node.append(new Option(part.placeholder?.text ?? "Choose…", ""));
  for (const option of part.options ?? []) node.append(new Option(option.text.text, option.value));
  for (const group of part.option_groups ?? []) {
    const set = document.createElement("optgroup");
    set.label = group.label.text;
    for (const option of group.options) set.append(new Option(option.text.text, option.value));
    node.append(set);
  }
  node.value = part.initial_option?.value ?? "";
  return node;
}
