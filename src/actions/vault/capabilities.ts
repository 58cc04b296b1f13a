import { z } from "zod";
import { ownCapabilities } from "../../vault/endpoints/own-capabilities.ts";
import { defineCheck } from "../action.ts";
import { nodeRead } from "../node-read.ts";
import { readTextList } from "../text-list.ts";

const MOST = 20;

/** Asks what our own token for reading may do, on paths that the step names. */
export const capabilities = defineCheck({
  name: "vault.capabilities",
  summary: "Ask what the token for reading may do",
  input: z.strictObject({
    /** Up to 20 paths with commas between; a list is asked for with a slash at the end of its path. */
    paths: z.string(),
    /** The one that `permitted` is about: `read`, `update`, `list` … */
    capability: z.string().default("read"),
  }),
  output: z.object({
    /** The capability is held on every path. */
    permitted: z.boolean(),
    /** Paths on which it is not. */
    missing_paths: z.array(z.string()),
    paths: z.array(z.object({ path: z.string(), capabilities: z.array(z.string()) })),
  }),
  policy: [{ path: "sys/capabilities-self", capabilities: ["update"] }],
  read: async (context, { paths: text, capability }) => {
    const paths = readTextList({ check: "vault.capabilities", input: "paths", text, most: MOST });
    const active = await context.cluster.activeNode(nodeRead(context));
    const held = await active.read(ownCapabilities(paths), nodeRead(context));
    const heldOn = (path: string): readonly string[] => (Object.hasOwn(held, path) ? (held[path] ?? []) : []);
    const missing = paths.filter((path) => !heldOn(path).includes(capability) && !heldOn(path).includes("root"));
    return {
      permitted: missing.length === 0,
      missing_paths: missing,
      paths: paths.map((path) => ({ path, capabilities: [...heldOn(path)] })),
    };
  },
});
