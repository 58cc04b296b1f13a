import { connect, isIP } from "node:net";
import type { LookupFunction, Socket, TcpNetConnectOpts } from "node:net";
import { checkServerIdentity, connect as connectTls, TLSSocket } from "node:tls";
import type { DetailedPeerCertificate } from "node:tls";
import type { ListenerCertificate, ListenerProbe } from "./listener.ts";
import type { NodeTls } from "./node-tls.ts";
import type { CallOptions } from "./transport.ts";

/** Where a listener is, and how TLS is spoken with it; without it: plain HTTP. */
export type Listener = {
  readonly address: string;
  readonly tls: NodeTls | undefined;
  readonly lookup?: LookupFunction;
};

const TIMEOUT_MS = 5000;

/**
 * Connects to a listener and looks at its certificate, which may be expired, of another name or of an unknown authority: so nothing is
 * sent over this connection, neither HTTP nor a token, and it is closed at once. Never throws: the calls of the API say why they fail.
 */
export async function probeListener(listener: Listener, options: CallOptions = {}): Promise<ListenerProbe> {
  const { hostname, port, protocol } = new URL(listener.address);
  const host = hostname.replaceAll(/^\[|\]$/gu, "");
  const target = {
    host,
    port: Number(port === "" ? (protocol === "https:" ? 443 : 80) : port),
    ...(listener.lookup === undefined ? {} : { lookup: listener.lookup }),
  };
  const expected = listener.tls?.serverName ?? host;
  const socket = listener.tls === undefined ? connect(target) : openTls(target, listener.tls, expected);
  const laps = timeLaps(socket, host);
  await readyOrClosed(socket, options);
  const certificate = socket instanceof TLSSocket ? readCertificate(socket, expected) : undefined;
  // What TLS still has to say is flushed: a server that misses the end of the handshake writes a line in its log, every scrape.
  socket.destroySoon();
  return { ...laps(), certificate };
}

function openTls(target: TcpNetConnectOpts, { secureContext }: NodeTls, expected: string): TLSSocket {
  return connectTls({
    ...target,
    secureContext,
    // An address is no server name (RFC 6066).
    ...(isIP(expected) === 0 ? { servername: expected } : {}),
    // A certificate that no call would accept is what we came to see; nothing is sent that it could give away.
    rejectUnauthorized: false,
    // The name has a metric of its own and must not hide in `authorized`.
    checkServerIdentity: () => undefined,
  });
}

/** Notes when each phase ended; the socket tells it once, whoever listens. */
function timeLaps(socket: Socket, host: string): () => Omit<ListenerProbe, "certificate"> {
  const begun = performance.now();
  let resolved = isIP(host) === 0 ? undefined : begun;
  let connected: number | undefined;
  let secured: number | undefined;
  socket.once("lookup", (error: Error | null) => (resolved = error === null ? performance.now() : undefined));
  socket.once("connect", () => (connected = performance.now()));
  socket.once("secureConnect", () => (secured = performance.now()));
  return () => ({
    resolveMs: between(begun, resolved),
    connectMs: between(resolved, connected),
    tlsMs: between(connected, secured),
  });
}

function between(begun: number | undefined, ended: number | undefined): number | undefined {
  return begun === undefined || ended === undefined ? undefined : ended - begun;
}

/** Waits until the connection is made, fails or is given up. At the end of its time it is closed, whatever state it is in. */
async function readyOrClosed(socket: Socket, { signal, timeoutMs = TIMEOUT_MS }: CallOptions): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const giveUp = (): void => void socket.destroy();
  const timer = setTimeout(giveUp, timeoutMs);
  signal?.addEventListener("abort", giveUp, { once: true });
  if (signal?.aborted === true) giveUp();
  socket.on("error", () => {});
  socket.once(socket instanceof TLSSocket ? "secureConnect" : "connect", resolve);
  socket.once("close", () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
    resolve();
  });
  await promise;
}

function readCertificate(socket: TLSSocket, expected: string): ListenerCertificate | undefined {
  const leaf = socket.getPeerCertificate(true);
  // Node gives an empty object when there is none.
  if (leaf === null || leaf.raw === undefined) return undefined;
  return {
    notBefore: Date.parse(leaf.valid_from),
    notAfter: Date.parse(leaf.valid_to),
    chainNotAfter: Math.min(...chainOf(leaf).map(({ valid_to: end }) => Date.parse(end))),
    nameMismatch: checkServerIdentity(expected, leaf) !== undefined,
    trusted: socket.authorized,
  };
}

/** An authority is its own issuer: there the chain ends. */
function chainOf(leaf: DetailedPeerCertificate): readonly DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  for (let next: DetailedPeerCertificate | undefined = leaf; next !== undefined; next = next.issuerCertificate) {
    if (chain.includes(next)) break;
    chain.push(next);
  }
  return chain;
}
