import { LIMITS } from "../limits.ts";
import { isPart, listAt } from "../part.ts";
import { richText } from "./rich-text.ts";
import { kinds, list, needed, object, oneOf, text, type Check } from "./shape.ts";

const own = { type: needed(text(50)), block_id: text(LIMITS.ids.blockId) };
const MANY = 1000;

/** Checks a `task_card`, alone or in a plan. There is no status for "skipped" or "waiting". */
export const taskCard: Check = object({
  ...own,
  task_id: needed(text(LIMITS.ids.actionId)),
  title: needed(text(LIMITS.section.text)),
  details: richText,
  output: richText,
  sources: list(1, MANY, object({ type: needed(oneOf("url")), url: needed(text(3000)), text: needed(text(3000)) })),
  status: needed(oneOf("pending", "in_progress", "complete", "error")),
});

/** Checks a `plan` and its tasks, which have ids of their own. */
export const plan: Check = object(
  {
    ...own,
    title: needed(text(LIMITS.section.text)),
    tasks: list(0, MANY, kinds("task", { task_card: taskCard })),
  },
  (value, at, { report }) => {
    const ids = listAt(isPart(value) ? value : {}, "tasks").map((task) => task["task_id"]);
    if (new Set(ids).size !== ids.length) report(`${at}/tasks`, "task_id is not unique");
  },
);
