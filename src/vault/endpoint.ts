import type { z } from "zod";
import { parseAnswer } from "./answer.ts";
import type { CallOptions, VaultRequest, VaultTransport } from "./transport.ts";

/**
 * Endpoint is one read of Vault's API: where it is, whose token it needs and how its answer is read. `answer` is lenient (only the
 * fields we need) and gives the answer as we use it. It is always a GET, so reading one never changes anything.
 */
export type Endpoint<T> = Pick<VaultRequest, "path" | "query" | "accept" | "maxBytes"> & {
  readonly token: "none" | "read";
  readonly answer: z.ZodType<T>;
};

/** StreamedEndpoint is a read whose answer may be large: its bytes are given as they come and nothing is held. */
export type StreamedEndpoint = Pick<VaultRequest, "path" | "query" | "maxBytes"> & { readonly token: "none" | "read" };

/** Reads an endpoint; throws `FailureError`, reason `invalid-answer` when the answer is not what its schema says. */
export async function readEndpoint<T>(
  transport: VaultTransport,
  { answer, ...request }: Endpoint<T>,
  options: CallOptions = {},
): Promise<T> {
  const response = await transport.request({ ...options, ...request, method: "GET" });
  return parseAnswer(transport, request.path, answer, response);
}
