import { FailureError, type FailureReason } from "../lib/failure.ts";

/** Whose pods are asked for. */
export type Subject = { readonly namespace: string };

/** Tells whether everything must be listed anew, because the server does not remember so far back (410). */
export function isExpired(error: unknown): boolean {
  return statusOf(error) === 410;
}

/** Says why a call of the Kubernetes API failed; nothing of its answer's text is in it. */
export function apiFailure(verb: "list" | "watch", { namespace }: Subject, error: unknown): FailureError {
  const { reason, why, advice } = explain(error);
  return new FailureError(
    {
      reason,
      retryable: reason !== "denied",
      message: `cannot ${verb} the pods of namespace ${namespace} at the Kubernetes API: ${why}; ${advice}`,
    },
    { cause: error },
  );
}

/** The failure of who runs outside of Kubernetes, or in a pod that got no token. */
export function noServiceAccount(): FailureError {
  return new FailureError({
    reason: "refused",
    retryable: false,
    message:
      "cannot ask the Kubernetes API: this is no pod with a service account (KUBERNETES_SERVICE_HOST is not set); " +
      "set discovery.kubeconfigFile",
  });
}

/** The failure of a kubeconfig that is not there or is none. */
export function unreadableKubeconfig(path: string, error: unknown): FailureError {
  const { code = "no kubeconfig" } = (error ?? {}) as NodeJS.ErrnoException;
  return new FailureError(
    {
      reason: "refused",
      retryable: false,
      message: `cannot read discovery.kubeconfigFile ${path}: ${code}; correct the path or the file`,
    },
    { cause: error },
  );
}

function explain(error: unknown): { readonly reason: FailureReason; readonly why: string; readonly advice: string } {
  const status = statusOf(error);
  if (status === 401 || status === 403) {
    return {
      reason: "denied",
      why: `answered ${status}`,
      advice: "permit `list` and `watch` of `pods` by a Role there",
    };
  }
  if (status !== undefined) return { reason: "server-error", why: `answered ${status}`, advice: "look at its own log" };
  const name = (error as Error | undefined)?.name;
  if (name === "AbortError") return { reason: "aborted", why: "the caller gave up", advice: "nothing to do" };
  if (name === "TimeoutError") return { reason: "timeout", why: "no answer in time", advice: "check the API server" };
  return { reason: "unreachable", why: codeOf(error), advice: "check the address, the network and its certificate" };
}

/** A call throws it as `code`, a watch as `statusCode`, and an error told within a watch has it as `code`. */
function statusOf(error: unknown): number | undefined {
  const { statusCode, code } = (error ?? {}) as { readonly statusCode?: unknown; readonly code?: unknown };
  // An abort has a small number as its code too.
  return [statusCode, code].find((value): value is number => typeof value === "number" && value >= 400);
}

function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === "string") return code;
  return cause === undefined ? "the connection failed" : codeOf(cause);
}
