import { readFileSync } from "node:fs";
import { checkServerIdentity, getCACertificates, type ConnectionOptions } from "node:tls";
import { FailureError } from "../../lib/failure.ts";

/** PostgresTls says how the server's certificate is checked, and how we prove who we are; the modes are those of libpq's `sslmode`. */
export type PostgresTls = {
  readonly mode: "disable" | "require" | "verify-ca" | "verify-full";
  /** Path of a PEM file; default: the authorities of Node and of the system. */
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Name to expect in the server's certificate instead of its host. */
  readonly serverName?: string | undefined;
};

/** Gives the options of TLS connections to the server, or false for none; throws reason `refused` for unreadable files. */
export function readTls({ mode, caFile, certFile, keyFile, serverName }: PostgresTls): ConnectionOptions | false {
  if (mode === "disable") return false;
  return {
    rejectUnauthorized: mode !== "require",
    ca: caFile === undefined ? defaultAuthorities() : readPem("caFile", caFile),
    ...(certFile === undefined ? {} : { cert: readPem("certFile", certFile) }),
    ...(keyFile === undefined ? {} : { key: readPem("keyFile", keyFile) }),
    ...nameCheck(mode, serverName),
  };
}

/** `servername` would not do: pg sets it to the host. */
function nameCheck(mode: PostgresTls["mode"], serverName: string | undefined): ConnectionOptions {
  if (mode === "verify-ca") return { checkServerIdentity: () => undefined };
  if (serverName === undefined) return {};
  return { checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate) };
}

/** Node brings its own list of authorities; operators install a private one in the system's, so both count. */
function defaultAuthorities(): string[] {
  return [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
}

function readPem(key: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? "unreadable";
    const message = `cannot read store.postgres.tls.${key} ${path}: ${why}; correct the path or its permissions`;
    throw new FailureError({ reason: "refused", retryable: false, message }, { cause: error });
  }
}
