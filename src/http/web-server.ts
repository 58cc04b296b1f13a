import { constants } from "node:crypto";
import type { RequestListener, Server } from "node:http";
import type { Server as TlsServer } from "node:https";
import type { SecureContextOptions } from "node:tls";
import type { WebTls } from "../config/web-config.ts";
import type { Logger } from "../lib/logger.ts";
import { refusalOf } from "./client-certificate.ts";
import { createHttpServer, createHttpsServer } from "./node-servers.ts";
import type { WebAccess } from "./web-access.ts";

/** What a server is made of; without access everybody reaches it, in the clear. */
export type WebServerOptions = {
  readonly access: WebAccess | undefined;
  readonly logger: Logger;
};

/**
 * Creates the server, with TLS when the web configuration has it. Certificates, authorities and versions follow the files: they count for
 * the connections after the one that noticed the change. Whether there is TLS at all, and whether clients are asked for certificates, is
 * settled at the start: a reload that wants it otherwise is refused (`app/web-access.ts`).
 */
export function createWebServer(listener: RequestListener, { access, logger }: WebServerOptions): Server {
  const tls = access?.current().tls;
  if (access === undefined || tls === undefined) return createHttpServer(listener);
  const server = createHttpsServer(
    // Clients are judged below, by the policy of the moment, and not by Node, which knows two policies of Go's five.
    { ...contextOf(tls), requestCert: tls.clientAuth !== "none", rejectUnauthorized: false },
    listener,
  );
  followFiles(server, access);
  server.prependListener("secureConnection", (socket) => {
    const refusal = refusalOf(socket, access.current().tls ?? tls);
    if (refusal === undefined) return;
    logger.warn("client refused", { client: socket.remoteAddress, why: refusal });
    socket.destroy();
  });
  return server;
}

function followFiles(server: TlsServer, access: WebAccess): void {
  let applied = access.current();
  const apply = async (): Promise<void> => {
    await access.freshen();
    const now = access.current();
    if (now === applied || now.tls === undefined) return;
    applied = now;
    server.setSecureContext(contextOf(now.tls));
  };
  server.on("connection", () => void apply());
  server.on("request", () => void apply());
}

function contextOf(tls: WebTls): SecureContextOptions {
  return {
    cert: tls.certificate,
    key: tls.key.reveal(),
    ...(tls.clientCa === undefined ? {} : { ca: tls.clientCa }),
    ...(tls.ciphers === undefined ? {} : { ciphers: tls.ciphers }),
    ...(tls.curves === undefined ? {} : { ecdhCurve: tls.curves }),
    honorCipherOrder: tls.preferOurCiphers,
    minVersion: tls.minVersion,
    maxVersion: tls.maxVersion,
    // A resumed session is not judged again: a client whose certificate was withdrawn would stay in.
    ...(tls.clientAuth === "none" ? {} : { secureOptions: constants.SSL_OP_NO_TICKET }),
  };
}
