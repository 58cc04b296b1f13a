/* Block Kit as DOM nodes, for messages, modals and Home. */
import { BLOCK_KINDS } from "./block-kinds.js";
import { element } from "./dom.js";

/** Draws blocks. `context` has `names`, `people`, `act(what)`, `suggest(part, typed)`, `chosen` and, in modals, `errors` by block id. */
export function drawBlocks(blocks, context) {
  const out = document.createDocumentFragment();
  for (const [index, block] of blocks.entries()) {
    const chosen = context.state?.[block.block_id ?? `auto${index}`];
    const draw = BLOCK_KINDS[block.type];
    out.append(draw ? draw(block, { ...context, chosen }, drawBlocks) : element("p", "unknown", `(${block.type})`));
  }
  return out;
}
