import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

/** Some two million accessors; what is more is a number to close roles by, and not to look through. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * `LIST auth/token/accessors` (token, `list` and `sudo`): the accessor of every living token of the namespace, batch tokens excepted, which
 * have none. Unpaginated. Whoever has them can end every token, so grant it to nobody who only watches.
 */
export const tokenAccessors: Endpoint<readonly string[]> = {
  path: "auth/token/accessors",
  query: { list: "true" },
  token: "read",
  maxBytes: MAX_BYTES,
  answer: z.object({ data: z.object({ keys: z.array(z.string()) }) }).transform(({ data }) => data.keys),
};
