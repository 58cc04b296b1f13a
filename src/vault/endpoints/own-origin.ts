import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

/** OwnOrigin is by what the token that asks can be found and revoked; it is compared, and never shown. */
export type OwnOrigin = {
  readonly accessor: string;
  /** Where it was made, with which its lease begins: `auth/kubernetes/login`. */
  readonly path: string;
};

/** `GET auth/token/lookup-self` (token, `read`, in Vault's `default` policy): what would end the token that asks. */
export const ownOrigin: Endpoint<OwnOrigin> = {
  path: "auth/token/lookup-self",
  token: "read",
  answer: z
    .object({ data: z.object({ accessor: z.string().default(""), path: z.string().default("") }) })
    .transform(({ data }) => ({ accessor: data.accessor, path: data.path })),
};
