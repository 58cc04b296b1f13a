import { BLOCKS, SURFACES } from "./check/blocks.ts";
import { kinds, type Look } from "./check/shape.ts";
import { LIMITS } from "./limits.ts";
import { isPart, textAt, type Part } from "./part.ts";
import type { Workspace } from "./workspace.ts";

/** Where a block may stand. */
export type Surface = "message" | "modal" | "home";

/** The files that blocks may show; without them every file is taken to be there. */
export type KnownFiles = Pick<Workspace, "files">;

/** Lists what Slack would refuse in these blocks, each with a JSON pointer; empty when it would take them. */
export function checkBlocks(blocks: readonly unknown[], surface: Surface, known?: KnownFiles): readonly string[] {
  const problems: string[] = [];
  const report: Look["report"] = (pointer, problem) => void problems.push(`${pointer}: ${problem}`);
  const look: Look = { report, files: known?.files };
  const seen = new Set<unknown>();
  for (const [index, block] of blocks.entries()) {
    const at = `/blocks/${index}`;
    ofAnyKind(block, at, look);
    if (isPart(block)) checkPlace(block, { at, surface, seen, report });
  }
  checkTogether(blocks.filter(isPart), report);
  return problems;
}

/** Gives the text characters of all blocks together: what Slack counts for `msg_blocks_too_long`. */
export function textSum(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textSum(item), 0);
  if (!isPart(value)) return 0;
  return Object.entries(value).reduce((sum, [key, item]) => {
    const counts = (key === "text" || key === "title") && typeof item === "string";
    return sum + (counts ? item.length : textSum(item));
  }, 0);
}

const ofAnyKind = kinds("block", BLOCKS);

type Place = {
  readonly at: string;
  readonly surface: Surface;
  readonly seen: Set<unknown>;
  readonly report: Look["report"];
};

function checkPlace(block: Part, { at, surface, seen, report }: Place): void {
  const type = textAt(block, "type") ?? "";
  if (SURFACES[type]?.includes(surface) === false) report(at, `${type} blocks are not taken in a ${surface}`);
  const id = block["block_id"];
  if (id !== undefined && seen.has(id)) report(`${at}/block_id`, "is not unique");
  seen.add(id);
}

function checkTogether(blocks: readonly Part[], report: Look["report"]): void {
  const count = (type: string): number => blocks.filter((block) => block["type"] === type).length;
  if (count("table") > 1) report("/blocks", "only one table is allowed");
  if (count("plan") > 0 && count("task_card") > 0) report("/blocks", "a plan and a task_card exclude each other");
  const markdown = blocks.filter((block) => block["type"] === "markdown");
  if (textSum(markdown) > LIMITS.markdown.text) report("/blocks", "the markdown blocks are too long in sum");
}
