import type { Block } from "./content.ts";
import { cut } from "./cut.ts";
import { fitElement, fitImageText } from "./fit-element.ts";
import { filled, fitText, fitTexts, isPart, partsAt, type Part } from "./fit-text.ts";
import { OURS } from "./ours.ts";

/** Makes a block fit by itself; gives undefined when nothing is left of it. Kinds that nobody sends pass as they are. */
export function fitBlock(block: Block): Block | undefined {
  const fit = BLOCKS[block.type];
  return fit === undefined ? block : (fit(block as unknown as Part) as unknown as Block | undefined);
}

type Fit = (block: Part) => Part | undefined;

const fitSection: Fit = ({ fields: _fields, accessory, ...block }) => {
  const fields = partsAt({ fields: _fields }, "fields").slice(0, OURS.fields);
  if (block["text"] === undefined && fields.length === 0) return undefined;
  const beside = isPart(accessory) ? fitElement(accessory) : undefined;
  return {
    ...fitTexts(block, { text: OURS.section }),
    ...(fields.length === 0 ? {} : { fields: fields.map((field) => fitText(field, OURS.field)) }),
    ...(beside === undefined ? {} : { accessory: beside }),
  };
};

const fitContext: Fit = (block) => {
  const elements = partsAt(block, "elements").slice(0, OURS.contextElements);
  if (elements.length === 0) return undefined;
  return {
    ...block,
    elements: elements.map((part) => (part["type"] === "image" ? fitImageText(part) : fitText(part, OURS.context))),
  };
};

/** Slack refuses a row in which two things have one action id. */
const fitActions: Fit = (block) => {
  const seen = new Set<unknown>();
  const elements = partsAt(block, "elements")
    .filter(({ action_id: id }) => id === undefined || (!seen.has(id) && seen.add(id)))
    .slice(0, OURS.buttons)
    .map(fitElement)
    .filter((element) => element !== undefined);
  return elements.length === 0 ? undefined : { ...block, elements };
};

/** A list without an option that Slack takes becomes a field: the form still asks. */
const fitInput: Fit = (block) => {
  if (!isPart(block["element"])) return undefined;
  const { action_id: id } = block["element"];
  const element = fitElement(block["element"]) ?? { type: "plain_text_input", action_id: id };
  return { ...fitTexts(block, { label: OURS.label, hint: OURS.label }), element };
};

const fitRichText: Fit = (block) => {
  const elements = partsAt(block, "elements")
    .map(fitRichPart)
    .filter((part) => part !== undefined);
  return elements.length === 0 ? undefined : { ...block, elements };
};

/** Slack refuses empty text here too; what is empty goes. */
function fitRichPart(part: Part): Part | undefined {
  if (part["type"] === "text")
    return typeof part["text"] === "string" && part["text"] !== ""
      ? { ...part, text: cut(part["text"], OURS.richText) }
      : undefined;
  return Array.isArray(part["elements"]) ? fitRichText(part) : part;
}

const fitTable: Fit = (block) => {
  const rows = Array.isArray(block["rows"]) ? block["rows"].slice(0, OURS.table.rows) : [];
  if (rows.length === 0) return undefined;
  const cells = rows.map((row: unknown) => partsAt({ row }, "row").slice(0, OURS.table.columns).map(fitCell));
  return { ...block, rows: cells };
};

function fitCell(cell: Part): Part {
  if (cell["type"] === "rich_text") return fitRichText(cell) ?? { type: "raw_text", text: "–" };
  return { ...cell, text: cut(filled(cell["text"], "–"), OURS.table.cell) };
}

const fitTask: Fit = ({ details: _details, output: _output, ...task }) => {
  const texts = [["details", _details] as const, ["output", _output] as const].flatMap(([key, value]) => {
    const fitted = isPart(value) ? fitRichText(value) : undefined;
    return fitted === undefined ? [] : [[key, fitted] as const];
  });
  return { ...task, title: cut(filled(task["title"]), OURS.plan.title), ...Object.fromEntries(texts) };
};

const fitPlan: Fit = (block) => ({
  ...block,
  title: cut(filled(block["title"]), OURS.plan.title),
  tasks: partsAt(block, "tasks").slice(0, OURS.plan.tasks).map(fitTask),
});

const BLOCKS: Readonly<Record<string, Fit>> = {
  section: fitSection,
  header: (block) => fitTexts(block, { text: OURS.header }),
  context: fitContext,
  actions: fitActions,
  input: fitInput,
  image: (block) => fitTexts(fitImageText(block), { title: OURS.imageText }),
  markdown: (block) => ({ ...block, text: cut(filled(block["text"]), OURS.markdown) }),
  rich_text: fitRichText,
  table: fitTable,
  data_table: fitTable,
  plan: fitPlan,
  task_card: fitTask,
};
