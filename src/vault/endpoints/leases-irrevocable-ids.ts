import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

/** More are not needed to name some of them. */
const LIMIT = "100";

/** `GET sys/leases?type=irrevocable` (token, `read` and `sudo`): ids of leases that Vault gave up revoking, 100 at most; from memory, cheap. */
export const irrevocableLeaseIds: Endpoint<readonly string[]> = {
  path: "sys/leases",
  query: { type: "irrevocable", limit: LIMIT },
  token: "read",
  answer: z
    .object({ data: z.object({ leases: z.array(z.object({ lease_id: z.string() })).nullish() }) })
    .transform(({ data }) => (data.leases ?? []).map(({ lease_id: id }) => id)),
};
