import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import type { CallOptions, VaultTransport } from "../transport.ts";
import { parseAnswer } from "../answer.ts";

const Answer = z.object({ data: z.record(z.string(), z.array(z.string())) });

/** What a token may do, by path: `["update"]`, `["deny"]`, `["root"]` … */
export type Capabilities = Readonly<Record<string, readonly string[]>>;

/**
 * Reads `POST sys/capabilities-self` with the token for actions (`update`, in Vault's `default` policy): what it may do on these paths.
 * Undefined when the token may not ask; throws reason `denied` when it is not valid, or when none is configured.
 */
export async function readOperateCapabilities(
  transport: VaultTransport,
  paths: readonly string[],
  options: CallOptions = {},
): Promise<Capabilities | undefined> {
  const path = "sys/capabilities-self";
  const token = "operate";
  try {
    const response = await transport.request({ ...options, method: "POST", path, body: { paths: [...paths] }, token });
    return parseAnswer(transport, path, Answer, response).data;
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    if (error.reason !== "denied") throw asRead(transport, error);
    if (await isValid(transport, options)) return undefined;
    throw error;
  }
}

/**
 * Vault answers 403 both for a token that may not ask and for one that does not exist. `GET sys/internal/ui/mounts` tells them apart: any
 * valid token may read it, whatever its policies, and it is 403 for all others.
 */
async function isValid(transport: VaultTransport, options: CallOptions): Promise<boolean> {
  try {
    await transport.request({ ...options, method: "GET", path: "sys/internal/ui/mounts", token: "operate" });
    return true;
  } catch (error) {
    if (error instanceof FailureError && error.reason === "denied") return false;
    // A list of mounts beyond our size is an answer too; a server without the path leaves it open.
    if (error instanceof FailureError && (error.reason === "too-large" || error.reason === "not-found")) return true;
    throw error;
  }
}

/** It is a POST that changes nothing, so "it may have taken effect" would frighten people for nothing. */
function asRead({ nodeName }: VaultTransport, error: FailureError): FailureError {
  const { reason } = error;
  const retryable = error.retryable || reason === "timeout" || reason === "unreachable" || reason === "server-error";
  const message = `cannot ask ${nodeName} what the token for actions may do: ${reason}; try again, and see that it answers sys/health`;
  return new FailureError({ reason, retryable, message }, { cause: error });
}
