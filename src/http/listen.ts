import { FailureError } from "../lib/failure.ts";

const LISTEN = /^(?:\[(?<ipv6>[0-9a-f:.%]+)\]|(?<host>[^:[\]\s]*)):(?<port>\d{1,5})$/iu;

/** Reads `host:port`, `[ipv6]:port` or `:port` (everywhere); throws `FailureError` for anything else. */
export function parseListen(listen: string): { readonly host: string; readonly port: number } {
  const parts = LISTEN.exec(listen)?.groups;
  const port = Number(parts?.["port"]);
  if (parts !== undefined && port <= 65_535) return { host: parts["ipv6"] ?? parts["host"] ?? "", port };
  throw new FailureError({
    reason: "refused",
    message: `cannot listen on "${listen}": it is not host:port; write for instance 127.0.0.1:9410 or [::1]:9410`,
    retryable: false,
  });
}
