import type { z } from "zod";
import type { Json } from "../lib/json.ts";
import { parseAnswer } from "./answer.ts";
import type { CallOptions, VaultRequest, VaultTransport } from "./transport.ts";

/**
 * Endpoint is one read of Vault's API: where it is, whose token it needs and how its answer is read. `answer` is lenient (only the
 * fields we need) and gives the answer as we use it. Reading one never changes anything.
 */
export type Endpoint<T> = Pick<VaultRequest, "path" | "query" | "accept" | "maxBytes" | "namespace"> & {
  readonly token: "none" | "read";
  /** Only for a question that does not fit into an address: it is then a POST, to a path that changes nothing (`sys/capabilities-self`). */
  readonly question?: Json;
  readonly answer: z.ZodType<T>;
};

/** StreamedEndpoint is a read whose answer may be large: its bytes are given as they come and nothing is held. */
export type StreamedEndpoint = Pick<VaultRequest, "path" | "query" | "maxBytes"> & { readonly token: "none" | "read" };

/** Reads an endpoint; throws `FailureError`, reason `invalid-answer` when the answer is not what its schema says. */
export async function readEndpoint<T>(
  transport: VaultTransport,
  { answer, question, ...request }: Endpoint<T>,
  options: CallOptions = {},
): Promise<T> {
  const asked =
    question === undefined ? ({ method: "GET" } as const) : ({ method: "POST", body: question, asks: true } as const);
  const response = await transport.request({ ...options, ...request, ...asked });
  return parseAnswer(transport, request.path, answer, response);
}
