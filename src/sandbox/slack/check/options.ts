import { LIMITS } from "../limits.ts";
import { isPart, listAt, type Part } from "../part.ts";
import { list, needed, object, text, type Check } from "./shape.ts";
import { eitherText, plain } from "./texts.ts";

const { optionText, optionValue, description, options: most, url } = LIMITS.select;

/** Checks an option of a select: plain text. */
export const option: Check = object({
  text: needed(plain(optionText)),
  value: needed(text(optionValue)),
  description: plain(description),
});

/** Checks an option of an overflow menu, which may lead to a web page. */
export const overflowOption: Check = object({
  text: needed(plain(optionText)),
  value: needed(text(optionValue)),
  description: plain(description),
  url: text(url),
});

/** Checks an option of radio buttons or checkboxes, which may be formatted. */
export const choiceOption: Check = object({
  text: needed(eitherText(optionText)),
  value: needed(text(optionValue)),
  description: eitherText(description),
});

/** Checks a group of options. */
export const optionGroup: Check = object({
  label: needed(plain(optionText)),
  options: needed(list(1, most, option)),
});

/** Lists the options of an element, those of its groups included. */
export function optionsOf(element: Part): readonly Part[] {
  return [
    ...listAt(element, "options"),
    ...listAt(element, "option_groups").flatMap((group) => listAt(group, "options")),
  ];
}

/** Checks options as a whole: of one source, and those that are chosen at first among them. */
export const optionsFit: Check = (value, at, { report }) => {
  if (!isPart(value)) return;
  if ((value["options"] === undefined) === (value["option_groups"] === undefined))
    report(at, "must have either options or option_groups");
  const options = optionsOf(value);
  const known = new Set(options.map((one) => JSON.stringify(one)));
  const initial = isPart(value["initial_option"]) ? [value["initial_option"]] : listAt(value, "initial_options");
  if (initial.some((one) => !known.has(JSON.stringify(one))))
    report(`${at}/initial_option`, "is not one of the options");
};
