import { isPart, type Part } from "./part.ts";

/** Gives each block a `block_id`, as Slack does with those that were sent without one. */
export function withIds(blocks: readonly unknown[]): readonly Part[] {
  return blocks.filter(isPart).map((block, index) => ({ ...block, block_id: block["block_id"] ?? `auto${index}` }));
}
