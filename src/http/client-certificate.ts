import { isIPv6 } from "node:net";
import type { TLSSocket } from "node:tls";
import type { WebTls } from "../config/web-config.ts";

/** Says why a client may not connect, by the certificate that it showed or did not show; undefined when it may. */
export function refusalOf(socket: TLSSocket, { clientAuth, allowedSans }: WebTls): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  const requires = clientAuth === "require" || clientAuth === "require-and-verify";
  if (certificate === undefined) return requires ? "it showed no certificate" : undefined;
  const verifies = clientAuth === "verify-if-given" || clientAuth === "require-and-verify";
  if (verifies && !socket.authorized) return `its certificate is not valid (${String(socket.authorizationError)})`;
  if (allowedSans === undefined) return undefined;
  const names = namesIn(certificate.subjectAltName ?? "");
  const allowed = allowedSans.map(canonical);
  return names.some((name) => allowed.includes(name)) ? undefined : "its certificate has none of client_allowed_sans";
}

/** Node writes `DNS:a.example, IP Address:::1, URI:…`; what could be taken for two names stands in quotes, as JSON. */
const NAME = /(?:DNS|IP Address|email|URI):(?<name>"(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/gu;

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(NAME)].map(({ groups }) => {
    const name = groups?.["name"] ?? "";
    return canonical(name.startsWith('"') ? String(JSON.parse(name)) : name);
  });
}

/** One IPv6 address has many spellings. */
function canonical(name: string): string {
  return isIPv6(name) ? new URL(`http://[${name}]`).hostname : name;
}
