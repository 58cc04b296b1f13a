import { readFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Certificate } from "../../src/sandbox/openbao/certificates.ts";
import type { ListenerProbe } from "../../src/vault/listener.ts";
import { probeListener } from "../../src/vault/listener-probe.ts";
import { readNodeTls, type TlsFiles } from "../../src/vault/node-tls.ts";
import type { CallOptions } from "../../src/vault/transport.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";
import { createDatedAuthority, type DatedAuthority } from "./dated-authority.ts";

const DAY_MS = 86_400_000;
/** Certificates know whole seconds. */
const day = (days: number): Date => new Date(Math.floor(Date.now() / 1000) * 1000 + days * DAY_MS);
const phase = expect.any(Number);
const MADE = { resolveMs: 0, connectMs: phase, tlsMs: phase };
const NOTHING = { resolveMs: 0, connectMs: undefined, tlsMs: undefined, certificate: undefined };

/** A listener that keeps its connections, and what came over them (inside of TLS, if it is a TLS one). */
type Listening = AsyncDisposable & {
  readonly port: number;
  readonly received: Buffer[];
  readonly sockets: Socket[];
  /** The first connection, once it is made and over. */
  readonly ended: Promise<Socket>;
};

async function listen(server: Server, event: "connection" | "secureConnection"): Promise<Listening> {
  const received: Buffer[] = [];
  const sockets: Socket[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<Socket>();
  server.on(event, (socket: Socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => received.push(bytes));
    socket.on("close", () => resolve(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    received,
    sockets,
    ended,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

const tlsListener = ({ certFile, keyFile }: Certificate, options: TlsOptions = {}): Promise<Listening> =>
  listen(createTlsServer({ cert: readFileSync(certFile), key: readFileSync(keyFile), ...options }), "secureConnection");

async function probe(address: string, files: TlsFiles = {}, options: CallOptions = {}): Promise<ListenerProbe> {
  return await probeListener({ address, tls: readNodeTls({ name: "vault-0", address }, files) }, options);
}

describeWith(["openssl"], "what a TLS listener shows", () => {
  let directory: TemporaryDirectory;
  let ours: DatedAuthority;
  let good: Certificate;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    ours = await createDatedAuthority(join(directory.path, "ours"));
    good = await ours.issue({ name: "vault-0.internal", from: day(-1), until: day(9) });
  });

  afterAll(async () => {
    await directory[Symbol.asyncDispose]();
  });

  const shownBy = async (certificate: Certificate, files: TlsFiles = { caFile: ours.certFile }) => {
    await using listener = await tlsListener(certificate);
    const { certificate: shown, ...phases } = await probe(`https://127.0.0.1:${listener.port}`, files);
    expect(phases).toEqual(MADE);
    await listener.ended;
    expect(Buffer.concat(listener.received)).toHaveLength(0);
    return shown;
  };

  it("is a good certificate: our name, our authority, in time, and nothing is sent over the connection", async () => {
    const [from, until] = [day(-2), day(20)];
    const certificate = await ours.issue({ name: "good", from, until });

    expect(await shownBy(certificate)).toEqual({
      notBefore: from.getTime(),
      notAfter: until.getTime(),
      chainNotAfter: until.getTime(),
      nameMismatch: false,
      trusted: true,
    });
  });

  it.each([
    { name: "ended", from: -9, until: -1, trusted: false },
    { name: "not-begun", from: 1, until: 9, trusted: false },
  ])("is read although it is $name, and is then not trusted", async ({ name, from, until, trusted }) => {
    const certificate = await ours.issue({ name, from: day(from), until: day(until) });

    const shown = await shownBy(certificate);

    expect(shown).toMatchObject({ trusted, nameMismatch: false });
    expect(Math.round(((shown?.notAfter ?? 0) - Date.now()) / DAY_MS)).toBe(until);
    expect(Math.round(((shown?.notBefore ?? 0) - Date.now()) / DAY_MS)).toBe(from);
  });

  it("is not trusted when another authority signed it, which hides neither its name nor its end", async () => {
    const theirs = await createDatedAuthority(join(directory.path, "theirs"));
    const until = day(5);
    const certificate = await theirs.issue({ name: "vault-0.internal", from: day(-1), until });

    expect(await shownBy(certificate)).toMatchObject({
      trusted: false,
      nameMismatch: false,
      notAfter: until.getTime(),
    });
    expect(await shownBy(good, {})).toMatchObject({ trusted: false });
  });

  it.each([
    { name: "the address, which is in it", files: {}, nameMismatch: false },
    { name: "the configured name, which is in it", files: { serverName: "vault-0.internal" }, nameMismatch: false },
    { name: "a name that is not in it", files: { serverName: "vault-1.internal" }, nameMismatch: true },
    { name: "an address that is not in it", files: { serverName: "127.0.0.9" }, nameMismatch: true },
  ])("is compared with $name, and trusted whatever its name", async ({ files, nameMismatch }) => {
    expect(await shownBy(good, { caFile: ours.certFile, ...files })).toMatchObject({ trusted: true, nameMismatch });
  });

  it("is asked for by the configured name, so that a listener of several certificates shows the right one", async () => {
    const asked: string[] = [];
    await using listener = await tlsListener(good, {
      SNICallback: (name, done) => {
        asked.push(name);
        done(null);
      },
    });

    await probe(`https://127.0.0.1:${listener.port}`, { caFile: ours.certFile, serverName: "vault-0.internal" });
    await probe(`https://localhost:${listener.port}`, { caFile: ours.certFile });
    await probe(`https://127.0.0.1:${listener.port}`, { caFile: ours.certFile });

    expect(asked).toEqual(["vault-0.internal", "localhost"]);
  });

  it("ends with the first certificate of its chain that ends", async () => {
    const [first, last] = [day(3), day(12)];
    const between = await ours.issue({ name: "between", from: day(-1), until: first, names: "" });
    const certificate = await ours.issue({ name: "below", from: day(-1), until: last, by: between });

    expect(await shownBy(certificate)).toMatchObject({
      trusted: true,
      notAfter: last.getTime(),
      chainNotAfter: first.getTime(),
    });
  });

  it("gets our client certificate, when the listener demands one", async () => {
    const client = await ours.issue({ name: "client", from: day(-1), until: day(1) });
    const demanding = { requestCert: true, rejectUnauthorized: true, ca: readFileSync(ours.certFile) };
    await using listener = await tlsListener(good, demanding);

    const { certificate } = await probe(`https://127.0.0.1:${listener.port}`, { caFile: ours.certFile, ...client });

    expect(certificate).toMatchObject({ trusted: true });
    expect(((await listener.ended) as TLSSocket).authorized).toBe(true);
  });

  it("is shown before the listener refuses us for want of a client certificate", async () => {
    const demanding = { requestCert: true, rejectUnauthorized: true, ca: readFileSync(ours.certFile) };
    await using listener = await tlsListener(good, demanding);

    const { certificate } = await probe(`https://127.0.0.1:${listener.port}`, { caFile: ours.certFile });

    expect(certificate).toMatchObject({ trusted: true });
  });

  it("is looked at over a connection that ends well: the listener sees no broken handshake and no open end", async () => {
    const server = createTlsServer({ cert: readFileSync(good.certFile), key: readFileSync(good.keyFile) });
    const broken: unknown[] = [];
    server.on("tlsClientError", (error) => broken.push(error));
    await using listener = await listen(server, "secureConnection");

    await probe(`https://127.0.0.1:${listener.port}`, { caFile: ours.certFile });

    expect((await listener.ended).errored).toBeNull();
    expect(broken).toEqual([]);
  });

  it("is given up at the call's own time when the listener accepts and says nothing", async () => {
    await using listener = await listen(createServer(), "connection");

    const found = await probe(`https://127.0.0.1:${listener.port}`, { caFile: ours.certFile }, { timeoutMs: 30 });

    expect(found).toEqual({ ...NOTHING, connectMs: phase });
    await listener.ended;
  });

  it("is given up when the scrape ends", async () => {
    const controller = new AbortController();
    const server = createServer(() => controller.abort());
    await using listener = await listen(server, "connection");
    const options = { signal: controller.signal, timeoutMs: 60_000 };

    const found = await probe(`https://127.0.0.1:${listener.port}`, { caFile: ours.certFile }, options);

    expect(found).toMatchObject({ tlsMs: undefined, certificate: undefined });
    await listener.ended;
  });

  it.each([
    { name: "closes at once", answer: (socket: Socket) => void socket.end() },
    { name: "resets the connection", answer: (socket: Socket) => void socket.resetAndDestroy() },
    { name: "speaks no TLS", answer: (socket: Socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n") },
  ])("is nothing when the listener $name", async ({ answer }) => {
    await using listener = await listen(createServer(answer), "connection");

    const found = await probe(`https://127.0.0.1:${listener.port}`, { caFile: ours.certFile });

    expect(found).toMatchObject({ tlsMs: undefined, certificate: undefined });
  });
});

describe("probing a plain listener", () => {
  it("connects, sends nothing and leaves", async () => {
    await using listener = await listen(createServer(), "connection");

    expect(await probe(`http://127.0.0.1:${listener.port}`)).toEqual({ ...NOTHING, connectMs: phase });

    await listener.ended;
    expect(listener.received).toEqual([]);
  });

  it("counts the time in which a name is resolved", async () => {
    await using listener = await listen(createServer(), "connection");

    const { resolveMs, connectMs } = await probe(`http://localhost:${listener.port}`);

    expect(resolveMs).toBeGreaterThan(0);
    expect(connectMs).toBeGreaterThan(0);
  });

  it.each([
    { name: "nothing listens", address: "http://127.0.0.1:1", resolveMs: 0 },
    { name: "the name does not resolve", address: "http://nowhere.invalid:8200", resolveMs: undefined },
    { name: "the address is one of IPv6 where nothing listens", address: "http://[::1]:1", resolveMs: 0 },
  ])("finds nothing, and throws nothing, when $name", async ({ address, resolveMs }) => {
    expect(await probe(address)).toEqual({ ...NOTHING, resolveMs });
  });

  it("opens no connection when the scrape is over", async () => {
    await using listener = await listen(createServer(), "connection");

    const found = await probe(`http://127.0.0.1:${listener.port}`, {}, { signal: AbortSignal.abort() });

    expect(found.connectMs).toBeUndefined();
    expect(listener.sockets).toEqual([]);
  });
});
