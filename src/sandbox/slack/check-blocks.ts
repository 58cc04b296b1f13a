import { LIMITS } from "./limits.ts";
import { isPart, listAt, textAt, type Part } from "./part.ts";

type Report = (pointer: string, problem: string) => void;
type Check = (part: Part, at: string, report: Report) => void;

/** Where a block may stand. */
export type Surface = "message" | "modal" | "home";

/** Lists what Slack would refuse in these blocks, each with a JSON pointer; empty when it would take them. */
export function checkBlocks(blocks: readonly unknown[], surface: Surface): readonly string[] {
  const problems: string[] = [];
  const report: Report = (pointer, problem) => problems.push(`${pointer}: ${problem}`);
  const seen = new Set<string>();
  for (const [index, block] of blocks.entries()) checkBlock({ block, at: `/blocks/${index}`, surface, seen }, report);
  return problems;
}

/** Gives the text characters of all blocks together: what Slack counts for `msg_blocks_too_long`. */
export function textSum(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textSum(item), 0);
  if (!isPart(value)) return 0;
  return Object.entries(value).reduce((sum, [key, item]) => {
    return sum + (key === "text" && typeof item === "string" ? item.length : textSum(item));
  }, 0);
}

type Place = { readonly block: unknown; readonly at: string; readonly surface: Surface; readonly seen: Set<string> };

function checkBlock({ block, at, surface, seen }: Place, report: Report): void {
  if (!isPart(block)) return report(at, "is not an object");
  const check = BLOCKS[textAt(block, "type") ?? ""];
  if (check === undefined) return report(`${at}/type`, `unsupported block type ${textAt(block, "type") ?? "(none)"}`);
  if (block["type"] === "input" && surface === "message") report(at, "input blocks are not taken in messages here");
  checkId(block, "block_id", at, report);
  const id = block["block_id"];
  if (typeof id === "string" && seen.has(id)) report(`${at}/block_id`, "is not unique");
  if (typeof id === "string") seen.add(id);
  check(block, at, report);
}

function checkId(part: Part, key: "block_id" | "action_id", at: string, report: Report): void {
  const id = part[key];
  if (id === undefined) return;
  if (typeof id !== "string" || id.length === 0 || id.length > LIMITS.ids.actionId)
    report(`${at}/${key}`, "must have 1 to 255 characters");
}

/** Checks a string: there, not blank, not too long. */
function checkString(value: unknown, max: number, at: string, report: Report): void {
  if (typeof value !== "string") return report(at, "is not text");
  if (value.trim().length === 0) report(at, "must be more than 0 characters");
  if (value.length > max) report(at, `must be less than ${max + 1} characters (has ${value.length})`);
}

/** Checks a text object of plain text. */
function checkPlainText(value: unknown, max: number, at: string, report: Report): void {
  if (isPart(value) && value["type"] !== "plain_text") report(`${at}/type`, "must be plain_text");
  checkText(value, max, at, report);
}

/** Checks a text object of either kind. */
function checkText(value: unknown, max: number, at: string, report: Report): void {
  if (!isPart(value)) return report(at, "is not a text object");
  if (value["type"] !== "plain_text" && value["type"] !== "mrkdwn")
    report(`${at}/type`, "must be plain_text or mrkdwn");
  checkString(value["text"], max, `${at}/text`, report);
}

const BLOCKS: Readonly<Record<string, Check>> = {
  section: (block, at, report) => {
    if (block["text"] === undefined && block["fields"] === undefined) report(at, "needs text or fields");
    if (block["text"] !== undefined) checkText(block["text"], LIMITS.section.text, `${at}/text`, report);
    const fields = listAt(block, "fields");
    if (fields.length > LIMITS.section.fields) report(`${at}/fields`, "has more than 10 items");
    for (const [index, field] of fields.entries())
      checkText(field, LIMITS.section.field, `${at}/fields/${index}`, report);
    if (isPart(block["accessory"])) checkElement(block["accessory"], `${at}/accessory`, report);
  },
  header: (block, at, report) => checkPlainText(block["text"], LIMITS.header.text, `${at}/text`, report),
  divider: () => {},
  context: (block, at, report) => {
    const elements = listAt(block, "elements");
    if (elements.length === 0 || elements.length > LIMITS.context.elements)
      report(`${at}/elements`, "must have 1 to 10 items");
    for (const [index, element] of elements.entries()) {
      checkText(element, LIMITS.context.text, `${at}/elements/${index}`, report);
    }
  },
  actions: (block, at, report) => {
    const elements = listAt(block, "elements");
    if (elements.length === 0 || elements.length > LIMITS.actions.elements)
      report(`${at}/elements`, "must have 1 to 25 items");
    const ids = elements.map((element) => element["action_id"]).filter((id) => id !== undefined);
    if (new Set(ids).size !== ids.length) report(`${at}/elements`, "action_id is not unique in its block");
    for (const [index, element] of elements.entries()) checkElement(element, `${at}/elements/${index}`, report);
  },
  input: (block, at, report) => {
    checkPlainText(block["label"], LIMITS.input.label, `${at}/label`, report);
    if (block["hint"] !== undefined) checkPlainText(block["hint"], LIMITS.input.hint, `${at}/hint`, report);
    if (isPart(block["element"])) checkElement(block["element"], `${at}/element`, report);
    else report(`${at}/element`, "is missing");
  },
};

function checkElement(element: Part, at: string, report: Report): void {
  const check = ELEMENTS[String(element["type"])];
  if (check === undefined) return report(`${at}/type`, `unsupported element type ${String(element["type"])}`);
  checkId(element, "action_id", at, report);
  if (isPart(element["confirm"])) checkConfirm(element["confirm"], `${at}/confirm`, report);
  check(element, at, report);
}

function checkConfirm(confirm: Part, at: string, report: Report): void {
  checkPlainText(confirm["title"], LIMITS.confirm.title, `${at}/title`, report);
  checkText(confirm["text"], LIMITS.confirm.text, `${at}/text`, report);
  checkPlainText(confirm["confirm"], LIMITS.confirm.button, `${at}/confirm`, report);
  checkPlainText(confirm["deny"], LIMITS.confirm.button, `${at}/deny`, report);
}

const ELEMENTS: Readonly<Record<string, Check>> = {
  button: (element, at, report) => {
    checkPlainText(element["text"], LIMITS.button.text, `${at}/text`, report);
    if (element["value"] !== undefined) checkString(element["value"], LIMITS.button.value, `${at}/value`, report);
    if (element["url"] !== undefined) checkString(element["url"], LIMITS.button.url, `${at}/url`, report);
    const style = element["style"];
    if (style !== undefined && style !== "primary" && style !== "danger")
      report(`${at}/style`, "must be primary or danger");
  },
  static_select: (element, at, report) => {
    if (element["placeholder"] !== undefined)
      checkPlainText(element["placeholder"], LIMITS.select.placeholder, `${at}/placeholder`, report);
    const groups = listAt(element, "option_groups");
    if (groups.length > LIMITS.select.options) report(`${at}/option_groups`, "must have 1 to 100 items");
    for (const [index, group] of groups.entries()) checkGroup(group, `${at}/option_groups/${index}`, report);
    if (groups.length === 0) checkOptions(listAt(element, "options"), LIMITS.select.options, `${at}/options`, report);
    const all = [...listAt(element, "options"), ...groups.flatMap((group) => listAt(group, "options"))];
    checkInitialOption(element, all, at, report);
  },
  overflow: (element, at, report) =>
    checkOptions(listAt(element, "options"), LIMITS.overflow.options, `${at}/options`, report),
  plain_text_input: (element, at, report) => {
    if (element["placeholder"] !== undefined)
      checkPlainText(element["placeholder"], LIMITS.plainTextInput.placeholder, `${at}/placeholder`, report);
    const max = element["max_length"];
    if (max !== undefined && (typeof max !== "number" || max < 1 || max > LIMITS.plainTextInput.maxLength))
      report(`${at}/max_length`, "must be 1 to 3000");
  },
};

function checkOptions(options: readonly Part[], max: number, at: string, report: Report): void {
  if (options.length === 0 || options.length > max) report(at, `must have 1 to ${max} items`);
  for (const [index, option] of options.entries()) {
    checkPlainText(option["text"], LIMITS.select.optionText, `${at}/${index}/text`, report);
    checkString(option["value"], LIMITS.select.optionValue, `${at}/${index}/value`, report);
  }
}

function checkGroup(group: Part, at: string, report: Report): void {
  checkPlainText(group["label"], LIMITS.select.optionText, `${at}/label`, report);
  checkOptions(listAt(group, "options"), LIMITS.select.options, `${at}/options`, report);
}

function checkInitialOption(element: Part, options: readonly Part[], at: string, report: Report): void {
  const initial = element["initial_option"];
  if (initial === undefined) return;
  const same = options.some((option) => JSON.stringify(option) === JSON.stringify(initial));
  if (!same) report(`${at}/initial_option`, "is not one of the options");
}
