import { LIMITS } from "../limits.ts";
import { isPart, listAt } from "../part.ts";
import {
  accessoryElement,
  actionsElement,
  buttonElement,
  contextActionsElement,
  contextElement,
  inputElement,
} from "./elements.ts";
import { IMAGE_FIELDS, imageElement, oneSource } from "./image.ts";
import { richText } from "./rich-text.ts";
import { bool, kinds, list, needed, object, oneOf, text, type Check, type Field } from "./shape.ts";
import { dataTable, table } from "./tables.ts";
import { plan, taskCard } from "./tasks.ts";
import { eitherText, mrkdwn, plain } from "./texts.ts";

const own: Readonly<Record<string, Field>> = { type: needed(text(50)), block_id: text(LIMITS.ids.blockId) };

const idsDiffer: Check = (value, at, { report }) => {
  const ids = listAt(isPart(value) ? value : {}, "elements")
    .map((element) => element["action_id"])
    .filter((id) => id !== undefined);
  if (new Set(ids).size !== ids.length) report(`${at}/elements`, "action_id is not unique in its block");
};

const { section, header, context, actions, contextActions, input, image, alert, card, container, markdown, carousel } =
  LIMITS;

const textOrFields: Check = (value, at, { report }) => {
  if (isPart(value) && value["text"] === undefined && value["fields"] === undefined) report(at, "needs text or fields");
};

const PLAIN_BLOCKS: Readonly<Record<string, Check>> = {
  section: object(
    {
      ...own,
      text: eitherText(section.text),
      fields: list(1, section.fields, eitherText(section.field)),
      accessory: accessoryElement,
      expand: bool,
    },
    textOrFields,
  ),
  header: object({ ...own, text: needed(plain(header.text)) }),
  divider: object(own),
  context: object({ ...own, elements: needed(list(1, context.elements, contextElement)) }),
  actions: object({ ...own, elements: needed(list(1, actions.elements, actionsElement)) }, idsDiffer),
  image: object({ ...own, ...IMAGE_FIELDS, title: plain(image.title) }, oneSource),
  rich_text: richText,
  input: object({
    ...own,
    label: needed(plain(input.label)),
    hint: plain(input.hint),
    optional: bool,
    dispatch_action: bool,
    element: needed(inputElement),
  }),
  table,
};

const cardBlock = object(
  {
    ...own,
    hero_image: imageElement,
    icon: imageElement,
    title: mrkdwn(card.title),
    subtitle: mrkdwn(card.title),
    body: mrkdwn(card.body),
    actions: list(1, card.actions, buttonElement),
  },
  (value, at, { report }) => {
    if (isPart(value) && !["hero_image", "title", "actions", "body"].some((key) => value[key] !== undefined))
      report(at, "needs one of hero_image, title, actions, body");
  },
);

const containerBlock = object(
  {
    ...own,
    title: plain(container.title),
    rich_text_title: richText,
    subtitle: eitherText(container.title),
    child_blocks: needed(list(1, container.blocks, kinds("child block", PLAIN_BLOCKS))),
    width: oneOf("narrow", "standard", "wide", "full"),
    icon: imageElement,
    is_collapsible: bool,
    default_collapsed: bool,
    has_header_divider: bool,
  },
  (value, at, { report }) => {
    if (!isPart(value)) return;
    if (value["title"] === undefined && value["rich_text_title"] === undefined) report(at, "needs a title");
    if (value["default_collapsed"] === true && value["is_collapsible"] !== true)
      report(`${at}/default_collapsed`, "needs is_collapsible");
  },
);

/** Every block that an app may send, and what Slack checks in it. `file` only ever comes from Slack; `video` needs a scope of its own. */
export const BLOCKS: Readonly<Record<string, Check>> = {
  ...PLAIN_BLOCKS,
  alert: object({
    ...own,
    text: needed(eitherText(alert.text)),
    level: oneOf("default", "info", "warning", "error", "success"),
  }),
  card: cardBlock,
  carousel: object({ ...own, elements: needed(list(1, carousel.cards, kinds("card", { card: cardBlock }))) }),
  container: containerBlock,
  context_actions: object(
    { ...own, elements: needed(list(1, contextActions.elements, contextActionsElement)) },
    idsDiffer,
  ),
  data_table: dataTable,
  markdown: object({ ...own, text: needed(text(markdown.text)) }),
  plan,
  task_card: taskCard,
};

/** Where a block may stand, for those that may not stand everywhere. What nobody documents is taken to be for messages only. */
export const SURFACES: Readonly<Record<string, readonly string[]>> = {
  input: ["modal", "home"],
  alert: ["modal"],
  card: ["message"],
  carousel: ["message"],
  container: ["message"],
  context_actions: ["message"],
  data_table: ["message"],
  markdown: ["message"],
  plan: ["message"],
  table: ["message"],
  task_card: ["message"],
};
