/* What people use in messages, modals and Home: buttons, selects, menus, choices. */
import { button, element } from "./dom.js";
import { confirmed } from "./confirm.js";
import { plainText } from "./mrkdwn.js";
import { optionText } from "./option-text.js";
import { searchNode } from "./search.js";

/** Draws an element. `context` has `names`, `act(what)`, `suggest(part, typed)` and, for what was chosen before, `chosen`. */
export function drawElement(part, context) {
  const draw = DRAW[part.type];
  if (draw) return draw(part, context);
  if (part.type.endsWith("external_select"))
    return searchNode(part, context, (value) => context.act({ act: "select", actionId: part.action_id, value }));
  if (part.type.endsWith("_select")) return drawSelect(part, context);
  return element("span", "unknown", `(${part.type})`);
}

const DRAW = {
  button: (part, context) => {
    const node = button(`button ${part.style ?? ""}`, plainText(part.text.text), () =>
      confirmed(part, context, () => {
        if (part.url) globalThis.open(part.url, "_blank", "noreferrer");
        context.act({
          act: "click",
          actionId: part.action_id,
          ...(part.value === undefined ? {} : { value: part.value }),
        });
      }),
    );
    if (part.accessibility_label) node.ariaLabel = part.accessibility_label;
    return node;
  },
  icon_button: (part, context) => DRAW.button({ ...part, type: "button" }, context),
  feedback_buttons: (part) =>
    element(
      "span",
      "feedback",
      ["positive_button", "negative_button"].map((key) => element("span", "button", plainText(part[key].text.text))),
    ),
  image: (part) => {
    const node = element("img", "accessory-image");
    node.src = part.slack_file?.id ? `/files/${part.slack_file.id}` : part.image_url;
    node.alt = part.alt_text;
    return node;
  },
  overflow: (part, context) => {
    const items = part.options.map((option) =>
      button("menu-item", optionText(option, context), () =>
        confirmed(part, context, () => {
          if (option.url) globalThis.open(option.url, "_blank", "noreferrer");
          context.act({ act: "select", actionId: part.action_id, value: option.value });
        }),
      ),
    );
    const summary = element("summary", "button", "⋯");
    summary.ariaLabel = "More";
    return element("details", "menu", summary, element("div", "menu-items", items));
  },
  radio_buttons: (part, context) => choices(part, context, "radio"),
  checkboxes: (part, context) => choices(part, context, "checkbox"),
};

function chosenValues(part, { chosen }) {
  const state = chosen?.[part.action_id] ?? {};
  const now = state.selected_options ?? (state.selected_option ? [state.selected_option] : undefined);
  const initial = part.initial_options ?? (part.initial_option ? [part.initial_option] : []);
  return (now ?? initial).map(({ value }) => value);
}

function choices(part, context, type) {
  const chosen = new Set(chosenValues(part, context));
  const name = `${part.action_id}-${Math.floor(performance.now() * 1000)}`;
  const box = element("div", "choices");
  for (const option of part.options) {
    const input = element("input", "");
    Object.assign(input, { type, name, value: option.value, checked: chosen.has(option.value) });
    box.append(element("label", "choice", input, optionText(option, context)));
  }
  box.addEventListener("change", () => {
    const values = [...box.querySelectorAll("input:checked")].map(({ value }) => value);
    context.act({ act: "select", actionId: part.action_id, value: type === "radio" ? values[0] : values });
  });
  return box;
}

/** A select of a message or Home acts as soon as something is chosen. */
function drawSelect(part, context) {
  const node = selectNode(part, context);
  node.addEventListener("change", () =>
    confirmed(part, context, () => {
      const values = [...node.selectedOptions].map(({ value }) => value).filter(Boolean);
      if (values.length > 0 || node.multiple)
        context.act({ act: "select", actionId: part.action_id, value: node.multiple ? values : values[0] });
    }),
  );
  return node;
}

/** Makes a select with its options, groups and what was chosen. */
export function selectNode(part, context) {
  const node = document.createElement("select");
  node.multiple = part.type.startsWith("multi_");
  if (!node.multiple) node.append(new Option(part.placeholder?.text ?? "Choose…", ""));
  node.append(...flatOptions(part.options), ...(part.option_groups ?? []).map(groupNode));
  if (/^(?:multi_)?users_select$/u.test(part.type))
    node.append(...Object.entries(context.people).map(([id, name]) => new Option(name, id)));
  const chosen = new Set(chosenValues(part, context));
  for (const option of node.options) option.selected = chosen.has(option.value) || (!node.multiple && option.selected);
  return node;
}

function flatOptions(options = []) {
  return options.map((option) => new Option(option.text.text, option.value));
}

function groupNode(group) {
  const set = document.createElement("optgroup");
  set.label = group.label.text;
  set.append(...flatOptions(group.options));
  return set;
}
