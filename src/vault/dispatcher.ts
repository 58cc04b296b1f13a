import type { LookupFunction } from "node:net";
import { Agent } from "undici";
import type { Dispatcher } from "undici";
import type { NodeTls } from "./node-tls.ts";

/** What a dispatcher needs to know of a node. */
export type DispatcherOptions = {
  /** Undefined: plain HTTP. */
  readonly tls: NodeTls | undefined;
  readonly connectMs: number;
  /** How names are looked up; default: as every connection of Node does it. */
  readonly lookup?: LookupFunction;
};

/** Creates the pool of connections to one node. */
export function createDispatcher({ tls, connectMs, lookup }: DispatcherOptions): Dispatcher {
  const { secureContext, serverName } = tls ?? {};
  return new Agent({
    // Vault offers HTTP/2, and undici would take it; one stalled connection would then stall every probe of the node.
    allowH2: false,
    // One clock for the whole call is in send.ts; these two would only say the same with less precision.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: {
      timeout: connectMs,
      ...(lookup === undefined ? {} : { lookup }),
      // Said aloud: unsaid, NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would give the token to whoever answers.
      rejectUnauthorized: true,
      ...(secureContext === undefined ? {} : { secureContext }),
      ...(serverName === undefined ? {} : { servername: serverName }),
    },
  });
}
