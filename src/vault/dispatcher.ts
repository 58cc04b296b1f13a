import { readFileSync } from "node:fs";
import { createSecureContext, getCACertificates } from "node:tls";
import type { SecureContext } from "node:tls";
import { Agent } from "undici";
import type { Dispatcher } from "undici";
import { FailureError } from "../lib/failure.ts";

/** TlsFiles says how a node's certificate is checked and which certificate we show; paths are of PEM files. */
export type TlsFiles = {
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Name to expect in the node's certificate instead of the address' host. */
  readonly serverName?: string | undefined;
};

/** What a dispatcher needs to know of a node. */
export type DispatcherOptions = {
  readonly nodeName: string;
  readonly address: string;
  readonly tls: TlsFiles;
  readonly connectMs: number;
};

/** Creates the pool of connections to one node; throws reason `refused` when a certificate file cannot be read. */
export function createDispatcher({ nodeName, address, tls, connectMs }: DispatcherOptions): Dispatcher {
  const secure =
    new URL(address).protocol === "https:"
      ? {
          secureContext: readSecureContext(nodeName, tls),
          ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
        }
      : {};
  return new Agent({
    // Vault offers HTTP/2, and undici would take it; one stalled connection would then stall every probe of the node.
    allowH2: false,
    // One clock for the whole call is in send.ts; these two would only say the same with less precision.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: connectMs, ...secure },
  });
}

function readSecureContext(nodeName: string, { caFile, certFile, keyFile }: TlsFiles): SecureContext {
  const read = (key: string, path: string): string => readPem(nodeName, key, path);
  const files = {
    ca: caFile === undefined ? defaultAuthorities() : read("caFile", caFile),
    ...(certFile === undefined ? {} : { cert: read("certFile", certFile) }),
    ...(keyFile === undefined ? {} : { key: read("keyFile", keyFile) }),
  };
  try {
    return createSecureContext(files);
  } catch (error) {
    throw new FailureError(
      {
        reason: "refused",
        retryable: false,
        message:
          `cannot use the TLS files of node ${nodeName}: ${error instanceof Error ? error.message : "not PEM"}; ` +
          `check tls.caFile, tls.certFile and tls.keyFile`,
      },
      { cause: error },
    );
  }
}

/** Node brings its own list of authorities; operators install a private one in the system's, so both count. */
function defaultAuthorities(): string[] {
  return [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
}

function readPem(nodeName: string, key: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw new FailureError(
      {
        reason: "refused",
        retryable: false,
        message: `cannot read tls.${key} ${path} for node ${nodeName}: ${why}; correct the path or its permissions`,
      },
      { cause: error },
    );
  }
}
