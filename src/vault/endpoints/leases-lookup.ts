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
  return {
    path: `sys/leases/lookup/${leasePath(prefix)}`,
    query: { list: "true" },
    token: "read",
    maxBytes: MAX_BYTES,
  };
}

/** Writes a prefix of leases as part of a path; throws reason `refused` for one that would lead to another path. */
export function leasePath(prefix: string): string {
  const segments = prefix.split("/");
  if (segments.some((segment) => segment === "." || segment === "..")) throw leadsElsewhere();
  return segments.map((segment) => encodeURIComponent(segment.toWellFormed())).join("/");
}

function leadsElsewhere(): FailureError {
  return new FailureError({
    reason: "refused",
    retryable: false,
    message: `cannot name leases by a prefix with "." or ".." in it: that is another path; look whether a proxy answers for Vault`,
  });
}
