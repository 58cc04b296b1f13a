import { FailureError } from "../../lib/failure.ts";
import type { Secret } from "../../lib/secret.ts";
import { createHttp } from "./http.ts";
import type { SocketOptions } from "./socket.ts";
import { createSockets } from "./sockets.ts";
import type { Transport } from "./transport.ts";

/** What a transport is chosen by and made of. */
export type TransportOptions = Omit<SocketOptions, "appToken"> & {
  readonly mode?: "socket" | "http" | undefined;
  readonly appToken?: Secret | undefined;
  readonly signingSecret?: Secret | undefined;
  readonly connections?: number | undefined;
};

const CONNECTIONS = 2;

/** Makes the transport of a mode; throws `FailureError` when its secret is missing. */
export function createTransport({ appToken, signingSecret, ...options }: TransportOptions): Transport {
  const { mode = "socket", connections = CONNECTIONS } = options;
  if (mode === "http") return createHttp({ ...options, signingSecret: given(signingSecret, "slack.signingSecret") });
  return createSockets({ ...options, connections, appToken: given(appToken, "slack.appToken") });
}

function given(secret: Secret | undefined, name: string): Secret {
  if (secret !== undefined) return secret;
  const message = `cannot speak to Slack: ${name} is missing; set it in the configuration`;
  throw new FailureError({ reason: "refused", message, retryable: false });
}
