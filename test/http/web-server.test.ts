import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { request, type RequestOptions } from "node:https";
import { connect, type ConnectionOptions } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import express from "express";
import { loadWebConfig, type WebConfig } from "../../src/config/web-config.ts";
import { startHttpServer, type HttpServer } from "../../src/http/server.ts";
import { silentLogger, type LogFacts } from "../../src/lib/logger.ts";
import { makeCertificate, writeWebConfig, type Pair } from "../config/web-files.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";

let directory: TemporaryDirectory;
let ca: Pair;
const pairs: Record<string, Pair> = {};
const servers: HttpServer[] = [];

beforeAll(async () => {
  directory = await temporaryDirectory();
  ca = await makeCertificate(directory.path, { name: "ca" });
  const strangers = await makeCertificate(directory.path, { name: "strangers" });
  const sans = "DNS:prometheus.example,IP:2001:db8::1,URI:spiffe://example/prometheus,email:on-call@example.org";
  for (const [name, by, san] of [
    ["server", ca, "IP:127.0.0.1,DNS:localhost"],
    ["second", ca, "IP:127.0.0.1"],
    ["client", ca, sans],
    ["nameless", ca, undefined],
    ["stranger", strangers, sans],
  ] as const)
    pairs[name] = await makeCertificate(directory.path, { name, by, ...(san === undefined ? {} : { san }) });
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map(async (server) => await server.close()));
});
afterAll(async () => await directory[Symbol.asyncDispose]());

const TLS = "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n";

async function configOf(text: string): Promise<WebConfig> {
  const loading = await loadWebConfig(await writeWebConfig(directory.path, text));
  if (!loading.ok) throw new Error(loading.findings.map(({ message }) => message).join("\n"));
  return loading.value;
}

/** A server that says "inside"; `change` gives it another configuration at the next look. */
async function start(text: string) {
  let config = await configOf(text);
  let next = config;
  const warnings: (LogFacts | undefined)[] = [];
  const router = express.Router();
  router.get("/", (_request, response) => void response.send("inside"));
  const server = await startHttpServer({
    listen: "127.0.0.1:0",
    routers: [router],
    web: {
      access: { current: () => config, freshen: async () => void (config = next) },
      clock: { now: () => 0 },
    },
    logger: { ...silentLogger, warn: (_message, facts) => void warnings.push(facts) },
  });
  servers.push(server);
  return { url: server.address, warnings, change: async (changed: string) => void (next = await configOf(changed)) };
}

/** Asks with a connection of its own: the answer, or the code of the error. */
async function ask(url: string, options: RequestOptions & { client?: string } = {}): Promise<string> {
  const { client, ...rest } = options;
  const shown = client === undefined ? {} : await shownBy(client);
  const asking = request(url, { agent: false, ca: await readFile(ca.cert), ...shown, ...rest }).end();
  try {
    const [response] = (await once(asking, "response")) as [AsyncIterable<Buffer>];
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    return Buffer.concat(chunks).toString("utf8");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

async function shownBy(name: string): Promise<{ cert: Buffer; key: Buffer }> {
  const pair = pairs[name] ?? ca;
  return { cert: await readFile(pair.cert), key: await readFile(pair.key) };
}

/** What was agreed on in a handshake. */
async function handshake(
  url: string,
  options: ConnectionOptions,
): Promise<{ subject: string; session: Buffer | undefined }> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false, ...options });
  await once(socket, "secureConnect");
  const agreed = { subject: socket.getPeerX509Certificate()?.subject ?? "", session: socket.getSession() };
  socket.destroy();
  return agreed;
}

describeWith(["openssl"], "a server with TLS", () => {
  it("speaks it, says so in its address, and not in the clear", async () => {
    const { url } = await start(TLS);

    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/u);
    expect(await ask(url)).toBe("inside");
    await expect(fetch(url.replace("https:", "http:"))).rejects.toThrow("fetch failed");
  });

  it("takes a new certificate without a new start, from the connection after the one that noticed it", async () => {
    const { url, change } = await start(TLS);
    const nameOf = async (): Promise<string> => (await handshake(url, {})).subject;
    expect(await nameOf()).toBe("CN=server");

    await change(TLS.replaceAll("server.", "second."));
    await ask(url);

    expect(await nameOf()).toBe("CN=second");
    expect(await ask(url)).toBe("inside");
  });

  it.each([
    { name: "a lowest version", extra: "  min_version: TLS13\n", client: { maxVersion: "TLSv1.2" as const } },
    { name: "a highest version", extra: "  max_version: TLS12\n", client: { minVersion: "TLSv1.3" as const } },
    { name: "a curve", extra: "  curve_preferences: [CurveP384]\n", client: { ecdhCurve: "X25519" } },
    {
      name: "cipher suites",
      extra: "  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n",
      client: { maxVersion: "TLSv1.2" as const, ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" },
    },
  ])("keeps to $name, and takes who agrees", async ({ extra, client }) => {
    const { url } = await start(TLS + extra);

    await expect(handshake(url, client)).rejects.toThrow(/alert|ssl/iu);
    expect((await handshake(url, {})).subject).toBe("CN=server");
  });

  it("ends in order, though clients keep their connections", async () => {
    const { url } = await start(TLS);
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), ca: await readFile(ca.cert) });
    await once(socket, "secureConnect");
    const gone = once(socket.resume(), "close");

    await servers.pop()?.close();

    await gone;
  });
});

describeWith(["openssl"], "a server that asks for client certificates", () => {
  const policies = [
    { policy: "NoClientCert", ca: false, nobody: true, known: true, stranger: true },
    { policy: "RequestClientCert", ca: false, nobody: true, known: true, stranger: true },
    { policy: "RequireAnyClientCert", ca: false, nobody: false, known: true, stranger: true },
    { policy: "VerifyClientCertIfGiven", ca: true, nobody: true, known: true, stranger: false },
    { policy: "RequireAndVerifyClientCert", ca: true, nobody: false, known: true, stranger: false },
  ];

  it.each(policies)("$policy: nobody $nobody, a known one $known, a stranger $stranger", async (row) => {
    const authority = row.ca ? "  client_ca_file: ca.crt\n" : "";
    const { url, warnings } = await start(`${TLS}  client_auth_type: ${row.policy}\n${authority}`);

    const answers = [await ask(url), await ask(url, { client: "client" }), await ask(url, { client: "stranger" })];

    const expected = [row.nobody, row.known, row.stranger];
    expect(answers.map((answer) => answer === "inside")).toEqual(expected);
    expect(warnings).toHaveLength(expected.filter((allowed) => !allowed).length);
  });

  it.each([
    { name: "a DNS name", sans: "[prometheus.example]", client: "client", allowed: true },
    { name: "an IPv6 address in another spelling", sans: '["2001:0db8:0:0:0:0:0:1"]', client: "client", allowed: true },
    { name: "a URI", sans: '["spiffe://example/prometheus"]', client: "client", allowed: true },
    { name: "an e-mail address", sans: "[on-call@example.org]", client: "client", allowed: true },
    { name: "one of several", sans: "[a.example, prometheus.example]", client: "client", allowed: true },
    { name: "a beginning of a name", sans: "[prometheus]", client: "client", allowed: false },
    { name: "the subject's name, which is no alternative name", sans: "[client]", client: "client", allowed: false },
    { name: "a certificate without names", sans: "[prometheus.example]", client: "nameless", allowed: false },
    {
      name: "the right name from a strange authority",
      sans: "[prometheus.example]",
      client: "stranger",
      allowed: false,
    },
  ])("looks for client_allowed_sans: $name", async ({ sans, client, allowed }) => {
    const { url } = await start(
      `${TLS}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt\n  client_allowed_sans: ${sans}\n`,
    );

    expect((await ask(url, { client })) === "inside").toBe(allowed);
  });

  it("lets a withdrawn name in no more, nor by a session that it had", async () => {
    const withSans = (sans: string): string =>
      `${TLS}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt\n  client_allowed_sans: ${sans}\n`;
    const { url, change } = await start(withSans("[prometheus.example]"));
    const shown = await shownBy("client");
    const { session } = await handshake(url, { ...shown, maxVersion: "TLSv1.2" });

    await change(withSans("[other.example]"));
    await ask(url, { client: "client" });

    expect(session).toBeDefined();
    const again = { maxVersion: "TLSv1.2", ...(session === undefined ? {} : { session }) } as const;
    expect((await ask(url, { client: "client", ...again })) === "inside").toBe(false);
  });
});

describe("a server without a web configuration", () => {
  it("speaks plain HTTP", async () => {
    const server = await startHttpServer({ listen: "127.0.0.1:0", routers: [] });
    servers.push(server);

    expect(server.address).toMatch(/^http:/u);
    expect((await fetch(server.address)).status).toBe(404);
  });
});
