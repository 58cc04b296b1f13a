import { isPart, listAt, textAt, type Part } from "../part.ts";
import { withIds } from "../with-ids.ts";

/** An element that somebody can use, and the block it stands in. */
export type FoundElement = { readonly element: Part; readonly blockId: string; readonly block: Part };

/** Lists all elements of blocks: in rows, beside sections, in inputs, in containers and cards. */
export function elementsOf(blocks: readonly Part[]): readonly FoundElement[] {
  return withIds(blocks).flatMap((block) => [
    ...ownElements(block).map((element) => ({ element, block, blockId: textAt(block, "block_id") ?? "" })),
    ...elementsOf(listAt(block, "child_blocks")),
    ...(block["type"] === "carousel" ? elementsOf(listAt(block, "elements")) : []),
  ]);
}

function ownElements(block: Part): readonly Part[] {
  const single = [block["accessory"], block["element"]].filter(isPart);
  return [...listAt(block, "elements"), ...single, ...listAt(block, "actions")];
}

/** Finds an element by its `action_id` and, for buttons of one name, its value. */
export function findElement(
  blocks: readonly Part[],
  actionId: string,
  isKind: (type: string) => boolean,
  value?: string,
): FoundElement | undefined {
  return elementsOf(blocks).find(
    ({ element }) =>
      element["action_id"] === actionId &&
      (value === undefined || element["value"] === value) &&
      isKind(textAt(element, "type") ?? ""),
  );
}
