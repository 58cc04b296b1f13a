import { join } from "node:path";
import { createDirectoryLists } from "../../../src/investigation/directory-lists.ts";
import { aList, ACTOR } from "../../investigation/a-list.ts";
import type { DrillOptions, DrillWorld } from "./drill-world.ts";
import type { Intruder } from "./intruder.ts";

/** The drill's configuration says where lists of tokens are kept. */
export const LISTS: DrillOptions = {
  config: ({ directory }) => ({ investigations: { directory: join(directory, "lists") } }),
};

/** Stores what an investigation found, as the search of the audit log does: a list `leaked-ci` of the intruder's token. */
export async function listTokensOf({ directory, cluster }: DrillWorld, { accessor }: Intruder): Promise<void> {
  const items = [{ id: 1, accessor, ...ACTOR }];
  await createDirectoryLists(join(directory, "lists")).save(aList({ cluster: cluster.name, items }));
}
