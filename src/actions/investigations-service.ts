import { FailureError } from "../lib/failure.ts";
import { REVOCATION_LIST_NAME } from "../lib/revocation-list.ts";
import { z } from "zod";
import type { ActionContext } from "./action.ts";
import { requiredService } from "./required-service.ts";
import type { RevocationList } from "./services.ts";

/** The input of what is about a revocation list. */
export const ListInput = z.strictObject({
  /** Its name, as it was given to `sealwatch audit-log search --list`. */
  list: z.string().regex(REVOCATION_LIST_NAME, "the name of a list: lower-case letters, digits, - and _"),
});

/** Finds a list of the run's cluster; throws reason `refused` when no lists are kept, `invalid-answer` for one of another cluster. */
export async function findRevocationList(context: ActionContext, name: string): Promise<RevocationList | undefined> {
  const { cluster, services, signal } = context;
  const investigations = requiredService(services.investigations, {
    task: `read the list ${name} of ${cluster.name}`,
    lack: "this program keeps no lists",
    advice: "set investigations.directory",
  });
  const list = await investigations.find(cluster.name, name, { signal });
  if (list === undefined || list.cluster === cluster.name) return list;
  throw new FailureError({
    reason: "invalid-answer",
    retryable: false,
    message: `cannot use the list ${name} on ${cluster.name}: it is of ${list.cluster}; make one for ${cluster.name}`,
  });
}
