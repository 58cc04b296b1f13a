import type { Endpoint } from "../endpoint.ts";
import { MountTable, mountsOf, type Mount } from "./sys-mounts.ts";

/** `GET sys/auth` (token, `read`): the auth methods, with `auth/` in front of their paths, as everywhere but here. */
export const sysAuthMethods: Endpoint<readonly Mount[]> = {
  path: "sys/auth",
  token: "read",
  answer: MountTable.transform((table) => mountsOf(table, "auth/")),
};
