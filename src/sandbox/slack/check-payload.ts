import { checkBlocks, textSum } from "./check-blocks.ts";
import { LIMITS } from "./limits.ts";
import { isPart, listAt, type Part } from "./part.ts";

/** Why Slack refuses a payload: its error code and, where Slack says them, the details. */
export type Refusal = { readonly error: string; readonly details: readonly string[] };

/** Says why Slack would refuse a message, or gives undefined when it would take it. */
export function checkMessage(message: Part, kind: "post" | "update"): Refusal | undefined {
  const text = typeof message["text"] === "string" ? message["text"] : "";
  const blocks = message["blocks"] === undefined ? [] : message["blocks"];
  if (!Array.isArray(blocks)) return refusal("invalid_blocks_format");
  if (text.length === 0 && blocks.length === 0) return refusal("no_text");
  if (kind === "update" && Buffer.byteLength(text) > LIMITS.message.updateTextBytes) return refusal("msg_too_long");
  if (blocks.length > LIMITS.message.blocks)
    return refusal("invalid_blocks", ["/blocks: no more than 50 items allowed"]);
  const problems = checkBlocks(blocks, "message");
  if (problems.length > 0) return refusal("invalid_blocks", problems);
  if (textSum(blocks) > LIMITS.message.textSum) return refusal("msg_blocks_too_long");
  return undefined;
}

/** Says why Slack would refuse a view, or gives undefined when it would take it. */
export function checkView(view: unknown): Refusal | undefined {
  if (!isPart(view)) return refusal("invalid_arguments", ["/view: is not an object"]);
  if (Buffer.byteLength(JSON.stringify(view)) > LIMITS.view.bytes) return refusal("view_too_large");
  const problems = [
    ...checkFrame(view),
    ...checkBlocks(listAt(view, "blocks"), view["type"] === "home" ? "home" : "modal"),
  ];
  return problems.length > 0 ? refusal("invalid_arguments", problems) : undefined;
}

function checkFrame(view: Part): readonly string[] {
  const problems: string[] = [];
  const blocks = listAt(view, "blocks");
  if (!["modal", "home"].includes(String(view["type"]))) problems.push("/view/type: must be modal or home");
  if (blocks.length === 0 || blocks.length > LIMITS.view.blocks)
    problems.push("/view/blocks: must have 1 to 100 items");
  if (length(view["private_metadata"]) > LIMITS.view.privateMetadata)
    problems.push("/view/private_metadata: is too long");
  if (length(view["callback_id"]) > LIMITS.view.callbackId) problems.push("/view/callback_id: is too long");
  if (view["type"] !== "modal") return problems;
  for (const key of ["title", "submit", "close"] as const) problems.push(...checkFrameText(view, key));
  const hasInput = blocks.some((block) => block["type"] === "input");
  if (hasInput && view["submit"] === undefined) problems.push("/view/submit: is needed when there are inputs");
  return problems;
}

function checkFrameText(view: Part, key: "title" | "submit" | "close"): readonly string[] {
  const value = view[key];
  if (value === undefined) return key === "title" ? ["/view/title: is missing"] : [];
  const text = isPart(value) ? value["text"] : undefined;
  if (typeof text !== "string" || text.trim().length === 0) return [`/view/${key}: must be more than 0 characters`];
  return text.length > LIMITS.view[key] ? [`/view/${key}: must be less than 25 characters`] : [];
}

function length(value: unknown): number {
  return typeof value === "string" ? value.length : 0;
}

function refusal(error: string, details: readonly string[] = []): Refusal {
  return { error, details };
}
