import { LIMITS } from "../limits.ts";
import { isPart } from "../part.ts";
import { imageElement } from "./image.ts";
import { choiceOption, option, optionGroup, optionsFit, overflowOption } from "./options.ts";
import {
  bool,
  int,
  kinds,
  list,
  needed,
  object,
  oneOf,
  pattern,
  text,
  textOrNone,
  type Check,
  type Field,
} from "./shape.ts";
import { confirm, eitherText, plain } from "./texts.ts";
import { richText } from "./rich-text.ts";

const { button, select, plainTextInput, overflow, choices, ids } = LIMITS;
const MANY = Number.MAX_SAFE_INTEGER;

const own: Readonly<Record<string, Field>> = { type: needed(text(50)), action_id: text(ids.actionId) };
const asking = { ...own, confirm };
const choosing = { ...asking, focus_on_load: bool, placeholder: plain(select.placeholder) };
const several = { ...choosing, max_selected_items: int(1, MANY) };
const typing = {
  ...own,
  focus_on_load: bool,
  placeholder: plain(plainTextInput.placeholder),
  dispatch_action_config: object({
    trigger_actions_on: list(1, 2, oneOf("on_enter_pressed", "on_character_entered")),
  }),
};
const fixed = { options: list(1, select.options, option), option_groups: list(1, select.options, optionGroup) };
const id = text(30);
const idList = list(0, select.options, id);

const BUTTON: Check = object({
  ...asking,
  text: needed(plain(button.text)),
  value: text(button.value),
  url: text(button.url),
  style: oneOf("primary", "danger"),
  accessibility_label: text(button.label),
});

const PICKERS: Readonly<Record<string, Check>> = {
  datepicker: object({ ...choosing, initial_date: pattern(/^\d{4}-\d\d-\d\d$/u, "a date as 2026-11-22") }),
  timepicker: object({
    ...choosing,
    initial_time: pattern(/^\d\d:\d\d$/u, "a time as 23:59"),
    timezone: text(100),
  }),
  datetimepicker: object({ ...asking, focus_on_load: bool, initial_date_time: int(1e9, 1e10 - 1) }),
};

const SELECTS: Readonly<Record<string, Check>> = {
  static_select: object({ ...choosing, ...fixed, initial_option: option }, optionsFit),
  external_select: object({ ...choosing, min_query_length: int(0, 75), initial_option: option }),
  users_select: object({ ...choosing, initial_user: id }),
  channels_select: object({ ...choosing, initial_channel: id, response_url_enabled: bool }),
  conversations_select: object({
    ...choosing,
    initial_conversation: id,
    default_to_current_conversation: bool,
    response_url_enabled: bool,
    filter: object({ include: list(1, 4, text(20)), exclude_external_shared_channels: bool, exclude_bot_users: bool }),
  }),
  multi_static_select: object({ ...several, ...fixed, initial_options: list(1, select.options, option) }, optionsFit),
  multi_external_select: object({
    ...several,
    min_query_length: int(0, 75),
    initial_options: list(1, select.options, option),
  }),
  multi_users_select: object({ ...several, initial_users: idList }),
  multi_channels_select: object({ ...several, initial_channels: idList }),
};

const CHOICES: Readonly<Record<string, Check>> = {
  radio_buttons: object(
    {
      ...asking,
      focus_on_load: bool,
      options: needed(list(1, choices.options, choiceOption)),
      initial_option: choiceOption,
    },
    optionsFit,
  ),
  checkboxes: object(
    {
      ...asking,
      focus_on_load: bool,
      options: needed(list(1, choices.options, choiceOption)),
      initial_options: list(1, choices.options, choiceOption),
    },
    optionsFit,
  ),
};

const lengthsFit: Check = (value, at, { report }) => {
  if (!isPart(value)) return;
  const { min_length: min, max_length: max, initial_value: initial } = value;
  if (typeof min === "number" && typeof max === "number" && min > max)
    report(`${at}/min_length`, "is above max_length");
  if (typeof initial === "string" && initial.length > Number(max ?? plainTextInput.maxLength))
    report(`${at}/initial_value`, "is longer than what may be typed");
};

const INPUTS: Readonly<Record<string, Check>> = {
  plain_text_input: object(
    {
      ...typing,
      initial_value: textOrNone(plainTextInput.maxLength),
      multiline: bool,
      min_length: int(0, plainTextInput.maxLength),
      max_length: int(1, plainTextInput.maxLength),
    },
    lengthsFit,
  ),
  email_text_input: object({ ...typing, initial_value: textOrNone(plainTextInput.maxLength) }),
  url_text_input: object({ ...typing, initial_value: textOrNone(plainTextInput.maxLength) }),
  number_input: object({
    ...typing,
    is_decimal_allowed: needed(bool),
    initial_value: text(50),
    min_value: text(50),
    max_value: text(50),
  }),
  rich_text_input: object({ ...typing, initial_value: richText, min_lines: int(1, 100), max_lines: int(1, 100) }),
  file_input: object({ ...own, filetypes: list(1, 100, text(20)), max_files: int(1, 10) }),
};

const feedback: Check = object({
  text: needed(plain(button.text)),
  value: needed(text(button.value)),
  accessibility_label: text(button.label),
});

const OVERFLOW: Check = object({ ...asking, options: needed(list(1, overflow.options, overflowOption)) }, optionsFit);

const EVERYWHERE = {
  ...SELECTS,
  ...CHOICES,
  datepicker: PICKERS["datepicker"] ?? BUTTON,
  timepicker: PICKERS["timepicker"] ?? BUTTON,
};

/** Checks a button. */
export const buttonElement: Check = kinds("element", { button: BUTTON });

/** Checks an element of an `actions` block. */
export const actionsElement: Check = kinds("element", {
  ...EVERYWHERE,
  ...PICKERS,
  button: BUTTON,
  overflow: OVERFLOW,
  rich_text_input: INPUTS["rich_text_input"] ?? BUTTON,
});

/** Checks what stands beside a section. */
export const accessoryElement: Check = kinds("element", {
  ...EVERYWHERE,
  button: BUTTON,
  overflow: OVERFLOW,
  image: imageElement,
});

/** Checks the element of an `input` block. */
export const inputElement: Check = kinds("element", { ...EVERYWHERE, ...PICKERS, ...INPUTS });

/** Checks a part of a `context` block. */
export const contextElement: Check = (value, at, look) => {
  const isImage = isPart(value) && value["type"] === "image";
  (isImage ? imageElement : eitherText(LIMITS.context.text))(value, at, look);
};

/** Checks an element of a `context_actions` block. */
export const contextActionsElement: Check = kinds("element", {
  feedback_buttons: object({ ...own, positive_button: needed(feedback), negative_button: needed(feedback) }),
  icon_button: object({
    ...asking,
    icon: needed(oneOf("trash")),
    text: needed(plain(button.text)),
    value: text(button.value),
    accessibility_label: text(button.label),
    visible_to_user_ids: idList,
  }),
});
