import { FailureError } from "../../lib/failure.ts";
import type { StreamedEndpoint } from "../endpoint.ts";

/** 1 GiB is more than ten million leases: nothing of it is held, so this only ends an answer that never ends. */
const MAX_BYTES = 1024 * 1024 * 1024;

/**
 * `LIST sys/leases/lookup/<prefix>` (token, `list` and `sudo`): one level, unpaginated; names that end in a slash are prefixes. Storage walks
 * every lease below the prefix for it, and all of the answer is hashed into the audit log. No lease there is a 404, reason `not-found`.
 * Throws reason `refused` for a prefix that would lead to another path.
 */
export function leasesLookup(prefix: string): StreamedEndpoint {
  const segments = prefix.split("/");
  if (segments.some((segment) => segment === "." || segment === "..")) throw leadsElsewhere();
  const path = segments.map((segment) => encodeURIComponent(segment.toWellFormed())).join("/");
  return { path: `sys/leases/lookup/${path}`, query: { list: "true" }, token: "read", maxBytes: MAX_BYTES };
}

function leadsElsewhere(): FailureError {
  return new FailureError({
    reason: "refused",
    retryable: false,
    message: `cannot list leases below a prefix with "." or ".." in it: that is another path; look whether a proxy answers for Vault`,
  });
}
