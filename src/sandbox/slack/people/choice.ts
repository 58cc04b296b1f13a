import { listAt, textAt, type Part } from "../part.ts";

/** What somebody gives to an element: a text or the value of an option, or several where several may be chosen. */
export type Given = string | readonly string[] | undefined;

/** Elements whose state is a list of options. */
const SEVERAL = /^(?:checkboxes|multi_\w+_select)$/u;
/** Elements whose options Slack does not know beforehand but the workspace's own things, and the names of their states. */
const PLAIN: Readonly<Record<string, string>> = {
  users_select: "selected_user",
  conversations_select: "selected_conversation",
  channels_select: "selected_channel",
  datepicker: "selected_date",
  timepicker: "selected_time",
  datetimepicker: "selected_date_time",
};

/** Says whether an element is chosen from rather than pressed or typed into. */
export function isChoice(type: string): boolean {
  return (
    type.endsWith("_select") || SEVERAL.test(type) || type === "overflow" || type === "radio_buttons" || type in PLAIN
  );
}

/** Builds an element's state as Slack sends it; `options` are those that can be chosen. Throws for a value that nobody could choose. */
export function stateOf(element: Part, options: readonly Part[], given: Given): Part {
  const type = textAt(element, "type") ?? "";
  const plain = PLAIN[type];
  if (plain !== undefined) return { type, [plain]: given ?? element[plain.replace("selected", "initial")] ?? null };
  if (SEVERAL.test(type)) return { type, selected_options: severalOf(element, options, given) };
  if (isChoice(type))
    return {
      type,
      selected_option: given === undefined ? (element["initial_option"] ?? null) : optionNamed(options, given),
    };
  return { type, value: given ?? element["initial_value"] ?? null };
}

function severalOf(element: Part, options: readonly Part[], given: Given): readonly Part[] {
  if (given === undefined) return listAt(element, "initial_options");
  const values = typeof given === "string" ? [given] : given;
  return values.map((value) => optionNamed(options, value));
}

function optionNamed(options: readonly Part[], given: Given): Part {
  const found = options.find((option) => option["value"] === given);
  if (found !== undefined) return found;
  const known = options.map((option) => String(option["value"])).join(", ");
  throw new Error(`cannot choose "${String(given)}": the select has ${known}`);
}
