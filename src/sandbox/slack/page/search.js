/* External selects. */
import { button, element } from "./dom.js";
import { optionText } from "./option-text.js";
import { plainText } from "./mrkdwn.js";

/** Every option that was picked, so that one can be put back by its value when its modal is drawn anew. */
const known = new Map();

/** Draws an external select: a field that asks the app for options while somebody types. */
export function searchNode(part, context, onPick = () => {}) {
  const several = part.type.startsWith("multi_");
  const initial = part.initial_options ?? [part.initial_option].filter(Boolean);
  const picked = new Map(initial.map((option) => [option.value, option]));
  const field = element("input", "");
  field.placeholder = part.placeholder?.text ?? "Type to search…";
  field.autocomplete = "off";
  const chips = element("span", "chips");
  const list = element("div", "search-options");
  list.hidden = true;
  const show = () => {
    chips.replaceChildren(
      ...[...picked.values()].map((option) =>
        button("chip", [plainText(option.text.text), " ×"], () => {
          picked.delete(option.value);
          show();
        }),
      ),
    );
    field.hidden = !several && picked.size > 0;
  };
  const search = async () => {
    if (field.value.length < (part.min_query_length ?? 3)) return;
    const options = await context.suggest(part, field.value);
    list.hidden = false;
    list.replaceChildren(...(options.length === 0 ? [element("span", "hint", "No results")] : []));
    for (const option of options)
      list.append(
        button("menu-item", optionText(option, context), () => {
          picked.set(option.value, option);
          known.set(option.value, option);
          field.value = "";
          list.hidden = true;
          show();
          onPick(several ? [...picked.keys()] : option.value);
        }),
      );
  };
  field.addEventListener("input", () => void search());
  field.addEventListener("focus", () => void search());
  const node = element("div", "search", chips, field, list);
  node.readValue = () => (several ? [...picked.keys()] : ([...picked.keys()][0] ?? ""));
  node.setValue = (value) => {
    for (const one of [value].flat()) if (known.has(one)) picked.set(one, known.get(one));
    show();
  };
  show();
  return node;
}
