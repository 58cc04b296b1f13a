/* One function for each kind of block. */
import { element, icon } from "./dom.js";
import { drawElement } from "./elements.js";
import { drawInputBlock } from "./inputs.js";
import { markdown } from "./markdown.js";
import { mrkdwn, plainText } from "./mrkdwn.js";
import { richText } from "./rich-text.js";
import { dataTable, table } from "./tables.js";

function drawText(part, context) {
  return part.type === "mrkdwn" ? mrkdwn(part.text, context.names) : plainText(part.text);
}

function rowOf(className) {
  return (block, context) =>
    element(
      "div",
      className,
      block.elements.map((part) => drawElement(part, context)),
    );
}

function image(block) {
  const picture = element("img", "");
  picture.src = block.slack_file?.id ? `/files/${block.slack_file.id}` : block.image_url;
  picture.alt = block.alt_text;
  const title = block.title ? [element("figcaption", "", plainText(block.title.text))] : [];
  return element("figure", "picture", title, picture);
}

const TASK_ICONS = {
  pending: () => icon("pending", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18"),
  in_progress: () => icon("in-progress", "M12 3a9 9 0 1 0 9 9"),
  complete: () => icon("complete", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18", "m8 12 3 3 5-6"),
  error: () => icon("failed", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18", "m9 9 6 6m0-6-6 6"),
};

function task(block, context) {
  const node = element("div", `task ${block.status}`, TASK_ICONS[block.status]());
  const body = element("div", "task-body", element("div", "task-title", plainText(block.title)));
  for (const key of ["details", "output"])
    if (block[key]) body.append(element("div", `task-${key}`, richText(block[key], context)));
  node.append(body);
  return node;
}

function plan(block, context) {
  const tasks = (block.tasks ?? []).map((part) => task(part, context));
  const done = (block.tasks ?? []).filter(({ status }) => status === "complete").length;
  const count = element("span", "plan-count", `${done} of ${tasks.length}`);
  return element("div", "plan", element("div", "plan-title", plainText(block.title), count), tasks);
}

function card(block, context) {
  const parts = ["title", "subtitle", "body"].filter((key) => block[key]);
  const node = element(
    "div",
    "card",
    parts.map((key) => element("div", `card-${key}`, drawText(block[key], context))),
  );
  if (block.actions)
    node.append(
      element(
        "div",
        "actions",
        block.actions.map((part) => drawElement(part, context)),
      ),
    );
  return node;
}

function container(block, context, drawBlocks) {
  const title = block.rich_text_title ? richText(block.rich_text_title, context) : plainText(block.title.text);
  const subtitle = block.subtitle ? [element("small", "", drawText(block.subtitle, context))] : [];
  const content = element("div", "container-body", drawBlocks(block.child_blocks, context));
  if (!block.is_collapsible)
    return element("div", "container", element("div", "container-title", title, ...subtitle), content);
  const node = element("details", "container", element("summary", "container-title", title, ...subtitle), content);
  node.open = !block.default_collapsed;
  return node;
}

/** How each kind of block is drawn. */
export const BLOCK_KINDS = {
  header: (block) => element("h3", "block-header", plainText(block.text.text)),
  divider: () => element("hr", ""),
  section: (block, context) => {
    const words = element("div", "section-words");
    if (block.text) words.append(element("div", "text", drawText(block.text, context)));
    if (block.fields)
      words.append(
        element(
          "div",
          "fields",
          block.fields.map((field) => element("div", "field", drawText(field, context))),
        ),
      );
    const accessory = block.accessory ? [element("div", "accessory", drawElement(block.accessory, context))] : [];
    return element("div", "section", words, ...accessory);
  },
  context: (block, context) =>
    element(
      "div",
      "context",
      block.elements.map((part) =>
        element("span", "", part.type === "image" ? drawElement(part, context) : drawText(part, context)),
      ),
    ),
  actions: rowOf("actions"),
  context_actions: rowOf("actions small"),
  input: drawInputBlock,
  image,
  rich_text: richText,
  markdown: (block) => element("div", "markdown", markdown(block.text)),
  table,
  data_table: dataTable,
  plan,
  task_card: task,
  alert: (block, context) => element("div", `alert ${block.level ?? "default"}`, drawText(block.text, context)),
  card,
  carousel: (block, context) =>
    element(
      "div",
      "carousel",
      block.elements.map((part) => card(part, context)),
    ),
  container,
};
