import type { Json } from "../lib/json.ts";
import type { Secret } from "../lib/secret.ts";
import type { ListenerProbe } from "./listener.ts";

/** How long one call may take and how much it may answer; the transport has defaults for all. */
export type CallOptions = {
  readonly signal?: AbortSignal;
  /** From the call to the answer's last byte, in milliseconds. */
  readonly timeoutMs?: number;
};

/** VaultRequest is one call to one node. `path` is below `/v1/`, without a slash in front. */
export type VaultRequest = CallOptions & {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;
  /** A question that is a POST only because it does not fit into an address: it changes nothing, so nobody need fear that it took effect. */
  readonly asks?: true;
  /** `none` for the calls that need no token: the token is then never sent, so that it goes nowhere it need not. A secret is that very token. */
  readonly token: "none" | "read" | "operate" | Secret;
  /** Instead of the cluster's namespace (`request-namespace.ts` decides whether it is sent); `root` sends none. */
  readonly namespace?: string;
  /** Status codes outside 2xx that are answers and not failures (`sys/health`), unless the body is Vault's `errors`. */
  readonly accept?: readonly number[];
  /** The answer is cut off with reason `too-large` beyond this. */
  readonly maxBytes?: number;
};

/** VaultResponse is an answer with its code. `body` is the parsed JSON, or undefined when the answer was not JSON. */
export type VaultResponse = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: unknown;
};

/** VaultStream is an answer that is read as it comes. Iterating throws `FailureError` when it breaks off, takes too long or is too large. */
export type VaultStream = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
};

/**
 * VaultTransport sends requests to one node: never follows a redirect, always has a time-out, checks names and certificates.
 * Throws `FailureError` with a reason; the message names node, path, code and what to do, and has no token in it.
 * A failed call that changes something is `retryable` only when it surely never reached the server.
 */
export type VaultTransport = {
  readonly nodeName: string;
  /** For instance `https://vault-0.example:8200`. */
  readonly address: string;
  readonly request: (request: VaultRequest) => Promise<VaultResponse>;
  /** Sends a GET and gives the bytes of its answer (2xx) as they come; the time-out covers all of it. Leaving the iteration ends the call. */
  readonly stream: (request: Omit<VaultRequest, "method" | "body" | "accept">) => Promise<VaultStream>;
  /** Connects to the node and looks at its certificate; sends nothing, and never throws: the calls say why they fail. */
  readonly probeListener: (options?: CallOptions) => Promise<ListenerProbe>;
  /** Ends the calls under way; `idle` lets them end by themselves first. A call that comes later fails with reason `unreachable`. */
  readonly close: (when?: "now" | "idle") => Promise<void>;
};
