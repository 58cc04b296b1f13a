import { cut } from "./cut.ts";
import { filled, fitTexts, isPart, partsAt, type Part } from "./fit-text.ts";
import { OURS } from "./ours.ts";

/** Makes a button, a list or a field fit; gives undefined when nothing is left that a person could use. */
export function fitElement(element: Part): Part | undefined {
  const confirmed = isPart(element["confirm"]) ? { ...element, confirm: fitConfirm(element["confirm"]) } : element;
  return (ELEMENTS[String(element["type"])] ?? ((same: Part) => same))(confirmed);
}

type Fit = (element: Part) => Part | undefined;

/** A button whose address would be cut leads nowhere. */
const fitButton: Fit = (button) =>
  typeof button["url"] === "string" && button["url"].length > OURS.url
    ? undefined
    : cutString(fitTexts(button, { text: OURS.buttonText }), "accessibility_label", OURS.buttonText);

const fitSelect: Fit = (select) => {
  const groups = partsAt(select, "option_groups")
    .slice(0, OURS.select.options)
    .map((group) => ({
      ...fitTexts(group, { label: OURS.select.text }),
      options: fitOptions(group, OURS.select.options),
    }))
    .filter(({ options }) => options.length > 0);
  const options = fitOptions(select, OURS.select.options);
  if (groups.length === 0 && options.length === 0) return undefined;
  const lists = groups.length > 0 ? { option_groups: groups } : { options };
  const fitted = { ...fitTexts(select, { placeholder: OURS.select.placeholder }), ...lists };
  return keepInitial(fitted, [...options, ...groups.flatMap((group) => group.options)]);
};

const fitExternal: Fit = (select) => fitTexts(select, { placeholder: OURS.select.placeholder });

const fitField: Fit = (field) => {
  const max = Math.min(OURS.typed, typeof field["max_length"] === "number" ? field["max_length"] : OURS.typed);
  const initial = typeof field["initial_value"] === "string" ? { initial_value: cut(field["initial_value"], max) } : {};
  return { ...fitTexts(field, { placeholder: OURS.select.placeholder }), max_length: max, ...initial };
};

const fitList =
  (max: number): Fit =>
  (list) => {
    const options = fitOptions(list, max);
    return options.length === 0 ? undefined : keepInitial({ ...list, options }, options);
  };

const ELEMENTS: Readonly<Record<string, Fit>> = {
  button: fitButton,
  static_select: fitSelect,
  multi_static_select: fitSelect,
  external_select: fitExternal,
  multi_external_select: fitExternal,
  users_select: fitExternal,
  plain_text_input: fitField,
  overflow: fitList(OURS.overflow),
  radio_buttons: fitList(OURS.choices),
  checkboxes: fitList(OURS.choices),
  image: (image) => fitImageText(image),
};

/** Cuts what an image says to those who cannot see it; Slack refuses an image without it. */
export function fitImageText(image: Part): Part {
  return { ...image, alt_text: cut(filled(image["alt_text"], "a picture"), OURS.imageText) };
}

/** An option whose value would be cut means another thing: it is left out. */
function fitOptions(list: Part, max: number): readonly Part[] {
  return partsAt(list, "options")
    .filter(({ value }) => typeof value === "string" && value.trim() !== "" && value.length <= OURS.select.value)
    .slice(0, max)
    .map((option) => fitTexts(option, { text: OURS.select.text, description: OURS.select.text }));
}

/** Slack refuses a list whose first choice is not one of its options. */
function keepInitial({ initial_option: initial, ...list }: Part, options: readonly Part[]): Part {
  const found = isPart(initial) ? options.find(({ value }) => value === initial["value"]) : undefined;
  return found === undefined ? list : { ...list, initial_option: found };
}

function fitConfirm(confirm: Part): Part {
  const { title, text, button } = OURS.confirm;
  return fitTexts(confirm, { title, text, confirm: button, deny: button });
}

function cutString(part: Part, key: string, max: number): Part {
  const value = part[key];
  return typeof value === "string" ? { ...part, [key]: cut(value, max) } : part;
}
