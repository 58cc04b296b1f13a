import { checkBlocks, textSum, type KnownFiles } from "./check-blocks.ts";
import { plain } from "./check/texts.ts";
import { LIMITS } from "./limits.ts";
import { isPart, listAt, type Part } from "./part.ts";

/** Why Slack refuses a payload: its error code and, where Slack says them, the details. */
export type Refusal = { readonly error: string; readonly details: readonly string[] };

/** Says why Slack would refuse a message, or gives undefined when it would take it. */
export function checkMessage(message: Part, kind: "post" | "update", known?: KnownFiles): Refusal | undefined {
  const text = typeof message["text"] === "string" ? message["text"] : "";
  const blocks = message["blocks"] === undefined ? [] : message["blocks"];
  if (!Array.isArray(blocks)) return refusal("invalid_blocks_format");
  if (listAt(message, "attachments").length > LIMITS.message.attachments) return refusal("too_many_attachments");
  if (text.length === 0 && blocks.length === 0) return refusal("no_text");
  if (kind === "update" && Buffer.byteLength(text) > LIMITS.message.updateTextBytes) return refusal("msg_too_long");
  if (blocks.length > LIMITS.message.blocks)
    return refusal("invalid_blocks", ["/blocks: no more than 50 items allowed"]);
  const problems = checkBlocks(blocks, "message", known);
  if (problems.length > 0) return refusal("invalid_blocks", problems);
  if (textSum(blocks) > LIMITS.message.textSum || Buffer.byteLength(JSON.stringify(blocks)) > LIMITS.message.json)
    return refusal("msg_blocks_too_long");
  return checkMetadata(message["metadata"]);
}

function checkMetadata(metadata: unknown): Refusal | undefined {
  if (metadata === undefined) return undefined;
  const good = isPart(metadata) && typeof metadata["event_type"] === "string" && isPart(metadata["event_payload"]);
  if (!good) return refusal("invalid_metadata_format");
  return Buffer.byteLength(JSON.stringify(metadata)) > LIMITS.message.metadataBytes
    ? refusal("metadata_too_large")
    : undefined;
}

/** Says why Slack would refuse a view, or gives undefined when it would take it. */
export function checkView(view: unknown, type?: "modal" | "home", known?: KnownFiles): Refusal | undefined {
  if (!isPart(view)) return refusal("invalid_arguments", ["/view: is not an object"]);
  if (Buffer.byteLength(JSON.stringify(view)) > LIMITS.view.bytes) return refusal("view_too_large");
  const problems = [
    ...(type !== undefined && view["type"] !== type ? [`/view/type: must be ${type}`] : []),
    ...checkFrame(view),
    ...checkBlocks(listAt(view, "blocks"), view["type"] === "home" ? "home" : "modal", known),
  ];
  return problems.length > 0 ? refusal("invalid_arguments", problems) : undefined;
}

const COMMON = ["type", "blocks", "private_metadata", "callback_id", "external_id"];
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  home: COMMON,
  modal: [...COMMON, "title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"],
};

function checkFrame(view: Part): readonly string[] {
  const fields = FIELDS[String(view["type"])];
  if (fields === undefined) return ["/view/type: must be modal or home"];
  const problems = Object.keys(view)
    .filter((key) => !fields.includes(key))
    .map((key) => `/view: invalid additional property: ${key}`);
  const blocks = listAt(view, "blocks");
  if (blocks.length === 0 || blocks.length > LIMITS.view.blocks)
    problems.push("/view/blocks: must have 1 to 100 items");
  for (const [key, max] of LENGTHS)
    if (length(view[key]) > max) problems.push(`/view/${key}: must be less than ${max + 1} characters`);
  if (blocks.filter(takesFocus).length > 1) problems.push("/view/blocks: focus_on_load is set more than once");
  return view["type"] === "modal" ? [...problems, ...checkModalFrame(view, blocks)] : problems;
}

const LENGTHS = [
  ["private_metadata", LIMITS.view.privateMetadata],
  ["callback_id", LIMITS.view.callbackId],
  ["external_id", LIMITS.view.externalId],
] as const;

function takesFocus(block: Part): boolean {
  return [block["element"], block["accessory"], ...listAt(block, "elements")].some(
    (element) => isPart(element) && element["focus_on_load"] === true,
  );
}

function checkModalFrame(view: Part, blocks: readonly Part[]): readonly string[] {
  const problems: string[] = [];
  const look = { report: (at: string, problem: string) => void problems.push(`${at}: ${problem}`), files: undefined };
  if (view["title"] === undefined) problems.push("/view/title: is missing");
  for (const key of ["title", "submit", "close"] as const)
    if (view[key] !== undefined) plain(LIMITS.view[key])(view[key], `/view/${key}`, look);
  const hasInput = blocks.some((block) => block["type"] === "input");
  if (hasInput && view["submit"] === undefined) problems.push("/view/submit: is needed when there are inputs");
  return problems;
}

/** Lists what Slack would refuse in an answer to `block_suggestion`. */
export function checkOptionsAnswer(answer: Part): readonly string[] {
  const element = { ...answer, type: "static_select" };
  const none = [...listAt(answer, "options"), ...listAt(answer, "option_groups")].length === 0;
  return none ? [] : checkBlocks([{ type: "actions", elements: [element] }], "message");
}

function length(value: unknown): number {
  return typeof value === "string" ? value.length : 0;
}

function refusal(error: string, details: readonly string[] = []): Refusal {
  return { error, details };
}
