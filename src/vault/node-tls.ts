import { readFileSync } from "node:fs";
import { createSecureContext, getCACertificates } from "node:tls";
import type { SecureContext } from "node:tls";
import { FailureError } from "../lib/failure.ts";

/** TlsFiles says how a node's certificate is checked and which certificate we show; paths are of PEM files. */
export type TlsFiles = {
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Name to expect in the node's certificate instead of the address' host. */
  readonly serverName?: string | undefined;
};

/** NodeTls is what every TLS connection to one node is made with: read once, because a list of authorities is megabytes. */
export type NodeTls = { readonly secureContext: SecureContext; readonly serverName: string | undefined };

/** Reads the TLS files of a node; undefined for one that is spoken to in plain HTTP. Throws reason `refused` for unreadable files. */
export function readNodeTls(
  node: { readonly name: string; readonly address: string },
  files: TlsFiles,
): NodeTls | undefined {
  if (new URL(node.address).protocol !== "https:") return undefined;
  const { caFile, certFile, keyFile, serverName } = files;
  if (caFile !== undefined || certFile !== undefined || keyFile !== undefined)
    return { secureContext: readSecureContext(node.name, files), serverName };
  return {
    get secureContext() {
      return contextOfDefaults();
    },
    serverName,
  };
}

/** One for all nodes that name no file, made at the first connection: the default authorities are megabytes, and take a tenth of a second to read. */
let defaults: SecureContext | undefined;

function contextOfDefaults(): SecureContext {
  defaults ??= createSecureContext({ ca: defaultAuthorities() });
  return defaults;
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
