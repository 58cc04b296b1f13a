import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";
import type { Capabilities } from "./capabilities-self.ts";

const answer = z.object({ data: z.record(z.string(), z.array(z.string())) }).transform(({ data }) => data);

/**
 * `POST sys/capabilities-self` (token, `update`, in Vault's `default` policy): what the token for reading may do on these paths, in its
 * own namespace or in the one that is given. A list is asked for with a slash at the end.
 */
export function ownCapabilities(paths: readonly string[], namespace?: string): Endpoint<Capabilities> {
  const where = namespace === undefined ? {} : { namespace };
  return { path: "sys/capabilities-self", token: "read", question: { paths }, ...where, answer };
}
