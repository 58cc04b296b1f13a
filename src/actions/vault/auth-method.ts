import { z } from "zod";
import { sysAuthMethods } from "../../vault/endpoints/sys-auth-methods.ts";
import { defineCheck } from "../action.ts";
import { nodeRead } from "../node-read.ts";
import { canonicalPrefix } from "../prefix-scope.ts";

/** Tells whether an auth method is mounted, as the active node says. */
export const authMethod = defineCheck({
  name: "vault.auth-method",
  summary: "Tell whether an auth method is there",
  input: z.strictObject({
    /** Where it is mounted, without `auth/` in front: `userpass`, `oidc/staff`. */
    path: z
      .string()
      .regex(/^(?!auth\/)[^/\s]\S*$/u, "the path of an auth method without auth/ in front, like userpass"),
  }),
  output: z.object({
    exists: z.boolean(),
    /** How many methods there are, the tokens' own (`token/`) included. */
    methods: z.int(),
    /** Their paths, without `auth/` in front. */
    paths: z.array(z.string()),
  }),
  policy: [{ path: "sys/auth", capabilities: ["read"] }],
  read: async (context, { path }) => {
    const active = await context.cluster.activeNode(nodeRead(context));
    const methods = await active.read(sysAuthMethods, nodeRead(context));
    const paths = methods.map((method) => method.path.replace(/^auth\//u, "")).sort();
    return { exists: paths.includes(canonicalPrefix(path)), methods: paths.length, paths };
  },
});
