import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import { describe, expect, it } from "@jest/globals";
import { createHttpProbes, type ProbeTarget } from "../../src/http/probe-targets.ts";
import { createCertificateAuthority } from "../../src/sandbox/openbao/certificates.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { faults, startListener, startRedirecting } from "../vault/fault-servers.ts";
import { json, startRawServer } from "../vault/raw-server.ts";

const LONG_MS = 10_000;
const SHORT_MS = 300;
const NEVER = new AbortController().signal;

function probesOf(url: string, target: Partial<ProbeTarget> = {}) {
  let now = 0;
  // Time goes on by a quarter of a second each time that somebody looks.
  const clock = { now: () => (now += 250) };
  return createHttpProbes([{ name: "website", url, timeout: LONG_MS, ...target }], clock);
}

describe("an HTTP probe", () => {
  it.each([200, 204, 404, 500, 503])("tells that the server answers %d, and how long it took", async (code) => {
    await using server = await startRawServer((response) => void response.writeHead(code).end());
    expect(await probesOf(`${server.address}/health?quick=1`).probe("website", { signal: NEVER })).toEqual({
      reached: true,
      status: code,
      milliseconds: 250,
      failure: "",
    });
    expect(server.received).toMatchObject([{ method: "GET", url: "/health?quick=1", body: "" }]);
  });

  it("sends nothing by which anybody could be known", async () => {
    await using server = await startRawServer(json(200, {}));
    await probesOf(server.address).probe("website", { signal: NEVER });
    expect(Object.keys(server.received[0]?.headers ?? {}).sort()).toEqual([
      "accept",
      "connection",
      "host",
      "user-agent",
    ]);
  });

  it("follows no redirect", async () => {
    await using elsewhere = await startListener();
    await using server = await startRedirecting(elsewhere.address);
    expect(await probesOf(server.address).probe("website", { signal: NEVER })).toMatchObject({
      reached: true,
      status: 307,
    });
    expect(elsewhere.seen).toEqual([]);
  });

  it("does not wait for the end of an answer that never ends", async () => {
    const endless = faults.find(({ name }) => name.startsWith("never ends its answer"));
    await using server = await (endless as (typeof faults)[number]).start();
    expect(await probesOf(server.address).probe("website", { signal: NEVER })).toMatchObject({
      reached: true,
      status: 200,
    });
  });

  it.each([
    { fault: "never answers", failure: "no answer within 300ms" },
    { fault: "accepts the connection and says nothing", failure: "no answer within 300ms" },
    { fault: "resets the connection", failure: "the connection broke" },
    { fault: "speaks no HTTP", failure: "it does not answer in HTTP" },
  ])("tells as its result that the server $fault", async ({ fault, failure }) => {
    const { start } = faults.find(({ name }) => name === fault) as (typeof faults)[number];
    await using server = await start();
    const timeout = failure.startsWith("no answer") ? SHORT_MS : LONG_MS;
    expect(await probesOf(server.address, { timeout }).probe("website", { signal: NEVER })).toEqual({
      reached: false,
      status: 0,
      milliseconds: 250,
      failure,
    });
  });

  it("tells as its result that nothing listens, and that the authority's file is not there", async () => {
    const server = await startListener();
    await server[Symbol.asyncDispose]();
    const gone = await probesOf(server.address).probe("website", { signal: NEVER });
    expect(gone).toMatchObject({ reached: false, failure: "nothing listens there (connection refused)" });
    const blind = await probesOf(server.address, { caFile: "/not/there.pem" }).probe("website", { signal: NEVER });
    expect(blind).toMatchObject({ reached: false, failure: "the file in caFile is not there" });
  });

  it("fails when its signal ends, before and while it waits: then nothing is known of the target", async () => {
    const [silent] = faults;
    await using server = await (silent as (typeof faults)[number]).start();
    const probes = probesOf(server.address);
    await expect(probes.probe("website", { signal: AbortSignal.abort() })).rejects.toMatchObject({ reason: "aborted" });
    const abort = new AbortController();
    const asked = probes.probe("website", { signal: abort.signal });
    abort.abort();
    await expect(asked).rejects.toMatchObject({ reason: "aborted", retryable: true });
  });

  it("asks only what is configured, and says which name was meant", async () => {
    await using server = await startListener();
    const probes = probesOf(server.address);
    expect(probes.names).toEqual(["website"]);
    for (const name of ["webside", server.address]) {
      await expect(probes.probe(name, { signal: NEVER })).rejects.toMatchObject({
        reason: "not-found",
        message: expect.stringContaining("website"),
      });
    }
    expect(server.seen).toEqual([]);
  });
});

describeWith(["openssl"], "an HTTP probe with TLS", () => {
  it("trusts the target's own authority, and says when it is another", async () => {
    await using directory = await temporaryDirectory();
    const authority = await createCertificateAuthority(directory.path, "website");
    const { certFile, keyFile } = await authority.issue("127.0.0.1");
    const certificate = { cert: await readFile(certFile), key: await readFile(keyFile) };
    await using server = await startRawServer(
      json(200, {}),
      (listener) => createServer(certificate, listener),
      "https",
    );

    const known = await probesOf(server.address, { caFile: authority.caFile }).probe("website", { signal: NEVER });
    expect(known).toMatchObject({ reached: true, status: 200 });
    const unknown = await probesOf(server.address).probe("website", { signal: NEVER });
    expect(unknown).toMatchObject({ reached: false, failure: "the certificate is from an unknown authority" });
  });
});
