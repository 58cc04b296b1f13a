import type { types } from "@slack/bolt";
import type { Block, Content } from "./content.ts";

/** What we send at most; below Slack's own limits (src/sandbox/slack/limits.ts) so that nothing is ever refused. */
export const OURS = {
  blocks: 45,
  section: 2900,
  header: 150,
  contextElements: 10,
  context: 2000,
  buttons: 25,
  label: 1000,
  buttonText: 75,
  buttonValue: 2000,
  id: 255,
  /** Text of all blocks; Slack's own, undocumented limit is near 12,000. */
  textSum: 10_000,
  /** Characters of the blocks as JSON; 17,700 were refused once. */
  json: 14_000,
  /** Bytes of UTF-8, because `chat.update` refuses more than 4,000. */
  fallbackBytes: 3000,
  modalBlocks: 100,
  modalTitle: 24,
  errorText: 500,
} as const;

const CUT = "…";

/** Cuts a text to at most `max` UTF-16 units, between characters, with an ellipsis; an open code block is closed again. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const fence = "\n```";
  const room = text.includes("```") ? max - fence.length - CUT.length : max - CUT.length;
  const kept = text.slice(0, Math.max(0, room)).replace(/[\uD800-\uDBFF]$/u, "");
  const open = (kept.match(/```/gu) ?? []).length % 2 === 1;
  return `${kept}${CUT}${open ? fence : ""}`;
}

/** Makes a message fit: every block, the number of blocks, their sum. Buttons are kept before anything else. */
export function fitMessage(content: Content): { text: string; blocks: Block[] } {
  const kept = keepButtons(content.blocks.map(fitBlock).filter((block) => !isEmpty(block)));
  return { text: cutBytes(filled(content.text), OURS.fallbackBytes), blocks: fitSum(kept, OURS.textSum) };
}

/** Makes a modal fit; gives it as Slack's client takes it. */
export function fitView(view: types.ModalView): types.ModalView {
  const blocks = (view.blocks as Block[]).map(fitBlock).filter((block) => !isEmpty(block));
  const title = { ...view.title, text: cut(filled(view.title.text), OURS.modalTitle) };
  return { ...view, title, blocks: blocks.slice(0, OURS.modalBlocks) };
}

/** Slack refuses blank text. */
function filled(text: string): string {
  return text.trim() === "" ? "(no text)" : text;
}

function fitBlock(block: Block): Block {
  switch (block.type) {
    case "section":
      return block.text === undefined
        ? block
        : { ...block, text: { ...block.text, text: cut(filled(block.text.text), OURS.section) } };
    case "header":
      return { ...block, text: { ...block.text, text: cut(filled(block.text.text), OURS.header) } };
    case "context":
      return {
        ...block,
        elements: block.elements
          .slice(0, OURS.contextElements)
          .map((part) => ("text" in part ? { ...part, text: cut(filled(part.text), OURS.context) } : part)),
      };
    case "actions":
      return { ...block, elements: block.elements.slice(0, OURS.buttons).map(fitButton) };
    case "input":
      return {
        ...block,
        label: { ...block.label, text: cut(filled(block.label.text), OURS.label) },
        ...(block.hint === undefined
          ? {}
          : { hint: { ...block.hint, text: cut(filled(block.hint.text), OURS.label) } }),
      };
    default:
      return block;
  }
}

function fitButton<T extends { type: string }>(part: T): T {
  if (part.type !== "button") return part;
  const button = part as unknown as types.Button;
  return { ...part, text: { ...button.text, text: cut(filled(button.text.text), OURS.buttonText) } };
}

function isEmpty(block: Block): boolean {
  return (block.type === "context" || block.type === "actions") && block.elements.length === 0;
}

/** Too many blocks: the last ones go, except those with buttons. */
function keepButtons(blocks: readonly Block[]): Block[] {
  const spare = OURS.blocks - blocks.filter((block) => block.type === "actions").length;
  let others = 0;
  return blocks.filter((block) => block.type === "actions" || ++others <= spare);
}

/** Halves the longest paragraph until text and JSON are within the limits. */
function fitSum(blocks: readonly Block[], budget: number): Block[] {
  const fitted = [...blocks];
  while (textSum(fitted) > budget || JSON.stringify(fitted).length > OURS.json) {
    const index = longest(fitted);
    const block = fitted[index];
    if (block === undefined || textOf(block) < 100)
      return fitted.filter(({ type }) => type === "actions" || type === "header");
    fitted[index] = halve(block);
  }
  return fitted;
}

function longest(blocks: readonly Block[]): number {
  return blocks.reduce((best, block, index) => (textOf(block) > textOf(blocks[best]) ? index : best), 0);
}

function textOf(block: Block | undefined): number {
  if (block?.type === "section") return block.text?.text.length ?? 0;
  if (block?.type !== "context") return 0;
  return block.elements.reduce((sum, part) => sum + ("text" in part ? part.text.length : 0), 0);
}

function textSum(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + textOf(block) + otherText(block), 0);
}

function otherText(block: Block): number {
  if (block.type === "header") return block.text.text.length;
  if (block.type !== "actions") return 0;
  return block.elements.reduce((sum, part) => sum + (part.type === "button" ? part.text.text.length : 0), 0);
}

function halve(block: Block): Block {
  if (block.type === "section" && block.text !== undefined) {
    return { ...block, text: { ...block.text, text: cut(block.text.text, Math.floor(block.text.text.length / 2)) } };
  }
  if (block.type !== "context") return block;
  const elements = block.elements.map((part) =>
    "text" in part ? { ...part, text: cut(part.text, Math.ceil(part.text.length / 2)) } : part,
  );
  return { ...block, elements };
}

function cutBytes(text: string, max: number): string {
  const encoder = new TextEncoder();
  let kept = cut(text, max);
  while (encoder.encode(kept).length > max) kept = cut(kept, Math.floor(kept.length * 0.8));
  return kept;
}
