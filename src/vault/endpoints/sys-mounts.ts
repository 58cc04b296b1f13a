import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

/** Mount is a place where a plugin answers: a secrets engine or, below `auth/`, an auth method. */
export type Mount = {
  /** As leases and policies name it, with a slash at its end: `database/`, `auth/userpass/`. */
  readonly path: string;
  readonly accessor: string;
};

/** Reads the table below `data`: Vault repeats it at the top of the answer, among members that are no mounts. */
export const MountTable = z.object({
  data: z.record(z.string(), z.object({ accessor: z.string().default("") })),
});

/** Gives the mounts of a table; `under` is what their paths begin with. */
export function mountsOf({ data }: z.infer<typeof MountTable>, under = ""): readonly Mount[] {
  return Object.entries(data).map(([path, { accessor }]) => ({ path: `${under}${path}`, accessor }));
}

/** `GET sys/mounts` (token, `read`): the secrets engines. */
export const sysMounts: Endpoint<readonly Mount[]> = {
  path: "sys/mounts",
  token: "read",
  answer: MountTable.transform((table) => mountsOf(table)),
};
