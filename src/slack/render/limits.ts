import type { types } from "@slack/bolt";
import type { Block, Content } from "./content.ts";
import { cut, cutBytes } from "./cut.ts";
import { fitBlock } from "./fit-block.ts";
import { fitSum, type Budget } from "./fit-sum.ts";
import { filled } from "./fit-text.ts";
import { OURS } from "./ours.ts";

export { cut } from "./cut.ts";
export { OURS } from "./ours.ts";

const MESSAGE: Budget = { text: OURS.textSum, json: OURS.json };
/** Nobody limits the text of a view but by its bytes. */
const VIEW: Budget = { text: OURS.viewJson, json: OURS.viewJson };

/** Makes a message fit: every block, the number of blocks, their sum. Buttons are kept before anything else. */
export function fitMessage(content: Content): { text: string; blocks: Block[] } {
  const blocks = keepFirst(
    onlyOnePlan(content.blocks.map(fitBlock).filter((block) => block !== undefined)),
    OURS.blocks,
  );
  return { text: cutBytes(filled(content.text), OURS.fallbackBytes), blocks: fitSum(blocks, MESSAGE) };
}

/** Makes a modal fit; gives it as Slack's client takes it. */
export function fitView(view: types.ModalView): types.ModalView {
  const words = (["title", "submit", "close"] as const).flatMap((key) => {
    const held = view[key];
    return held === undefined ? [] : [[key, { ...held, text: cut(filled(held.text), OURS.viewTitle) }] as const];
  });
  return { ...view, ...(Object.fromEntries(words) as Pick<types.ModalView, "title">), blocks: fitBlocks(view.blocks) };
}

/** Makes a Home fit; gives it as Slack's client takes it. */
export function fitHome(view: types.HomeView): types.HomeView {
  return { ...view, blocks: fitBlocks(view.blocks) };
}

/** Slack refuses a view without blocks. */
function fitBlocks(blocks: readonly types.AnyBlock[]): Block[] {
  const fitted = (blocks as readonly Block[]).map(fitBlock).filter((block) => block !== undefined);
  const kept = fitSum(keepFirst(fitted, OURS.viewBlocks), VIEW);
  return kept.length > 0 ? kept : [{ type: "section", text: { type: "plain_text", text: "(nothing to show)" } }];
}

/** Too many blocks: the last ones go, except those with buttons and fields. */
function keepFirst(blocks: readonly Block[], max: number): Block[] {
  const used = blocks.filter(isUsed).length;
  let others = 0;
  return blocks.filter((block) => isUsed(block) || ++others <= max - used).slice(0, max);
}

function isUsed({ type }: Block): boolean {
  return type === "actions" || type === "input";
}

/** Slack takes one table in a message, and no task beside a plan. */
function onlyOnePlan(blocks: readonly Block[]): readonly Block[] {
  const hasPlan = blocks.some(({ type }) => type === "plan");
  let tables = 0;
  return blocks.filter(({ type }) => {
    if (type === "task_card") return !hasPlan;
    return type !== "table" && type !== "data_table" ? true : ++tables === 1;
  });
}
