import { isIPv6 } from "node:net";

/** How found nodes are spoken to. */
export type ApiPort = { readonly scheme: "http" | "https"; readonly port: number };

/** Writes the address of a node's API from its host, which may be an IP address of either kind. */
export function apiAddress(host: string, { scheme, port }: ApiPort): string {
  return `${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
