import type { types } from "@slack/bolt";
import { defaultText, readInputText, valueHint } from "../../runbook/input-value.ts";
import type { Input } from "../../runbook/schema.ts";
import { ACTIONS, BLOCKS } from "../ids.ts";
import { clean } from "../render/clean.ts";
import type { Block } from "../render/content.ts";
import { fitsOption, MOST_OPTIONS, optionOf } from "./choose.ts";

/** Names to choose from, under a heading. */
export type Group = { readonly label: string; readonly names: readonly string[] };

/** A field of the form that starts a runbook. */
export type RunField = {
  readonly name: string;
  readonly input: Input;
  /** What stands in it already; a default when undefined. */
  readonly value: string | undefined;
  /** The clusters or nodes to choose from; empty for other inputs. */
  readonly groups: readonly Group[];
  /** What the choices depend on: the field forgets what was chosen when it changes. */
  readonly part?: string;
};

/** Nobody types more into an input (`readInputText` refuses it). */
const LONGEST_TEXT = 200;
const LONGEST_HINT = 900;

/** Draws the field of an input, each type in its own way; what may be left empty because there is a default is optional. */
export function runField(field: RunField): Block {
  const { name, input } = field;
  const hint = [input.description, hintOf(input)]
    .filter((part) => part !== undefined && part.trim() !== "")
    .join(" · ");
  return {
    type: "input",
    block_id: BLOCKS.runInput(name, field.part),
    label: { type: "plain_text", text: labelOf(name) },
    ...(hint === "" ? {} : { hint: { type: "plain_text", text: hint.slice(0, LONGEST_HINT) } }),
    ...(input.default === undefined ? {} : { optional: true }),
    ...(input.type === "cluster" ? { dispatch_action: true } : {}),
    element: elementOf(field),
  };
}

/** Writes the name of an input as people read it: `raft_node` is `Raft node`. */
export function labelOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

function hintOf(input: Input): string | undefined {
  const text = defaultText(input);
  const without = text === undefined ? undefined : `empty: ${text}`;
  return [valueHint(input), without].filter((part) => part !== undefined).join(" · ");
}

function elementOf(field: RunField): types.InputBlock["element"] {
  const { input, groups } = field;
  const value = field.value ?? defaultText(input);
  switch (input.type) {
    case "cluster":
      return choice(groups, value, ACTIONS.formCluster);
    case "node":
      return choice(groups, value, ACTIONS.input);
    case "enum":
      return choice([{ label: "Options", names: input.options }], value, ACTIONS.input);
    case "bool":
      return choice([{ label: "Options", names: ["yes", "no"] }], value, ACTIONS.input);
    case "int":
      return numberInput(input, value);
    default:
      return textInput(value);
  }
}

/** A list, one that is searched where Slack takes no list, or a field to type in where nothing is known to choose from. */
function choice(groups: readonly Group[], value: string | undefined, actionId: string): types.InputBlock["element"] {
  const filled = groups
    .map(({ label, names }) => ({ label, names: [...new Set(names)].filter((name) => name.trim() !== "") }))
    .filter(({ names }) => names.length > 0);
  const names = [...new Set(filled.flatMap((group) => group.names))];
  if (names.length === 0) return textInput(value, actionId);
  const chosen = value !== undefined && names.includes(value) ? { initial_option: optionOf(value) } : {};
  if (names.length > MOST_OPTIONS || !names.every(fitsOption))
    return { type: "external_select", action_id: actionId, min_query_length: 0, ...chosen };
  return { type: "static_select", action_id: actionId, ...listed(filled, names), ...chosen };
}

/** Slack takes no value twice, and nodes of two clusters may have one name: then the names stand without their clusters. */
function listed(
  groups: readonly Group[],
  names: readonly string[],
): Pick<types.StaticSelect, "options" | "option_groups"> {
  const isRepeated = groups.reduce((sum, group) => sum + group.names.length, 0) > names.length;
  if (groups.length === 1 || isRepeated) return { options: names.map(optionOf) };
  return {
    option_groups: groups.map((group) => ({
      label: optionOf(group.label).text,
      options: group.names.map(optionOf),
    })),
  };
}

/** What does not fit is not shown: Slack refuses a form whose number is out of its own bounds. */
function numberInput(input: Extract<Input, { type: "int" }>, value: string | undefined): types.NumberInput {
  const fits = value !== undefined && readInputText(input, value).ok;
  return {
    type: "number_input",
    action_id: ACTIONS.input,
    is_decimal_allowed: false,
    ...(input.min === undefined ? {} : { min_value: String(input.min) }),
    ...(input.max === undefined ? {} : { max_value: String(input.max) }),
    ...(fits ? { initial_value: String(Number(value)) } : {}),
  };
}

function textInput(value: string | undefined, actionId: string = ACTIONS.input): types.PlainTextInput {
  const shown = clean(value ?? "").slice(0, LONGEST_TEXT);
  const initial = shown.trim() === "" ? {} : { initial_value: shown };
  return { type: "plain_text_input", action_id: actionId, max_length: LONGEST_TEXT, ...initial };
}
