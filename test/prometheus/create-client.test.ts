import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import type { PrometheusApi } from "../../src/actions/services.ts";
import { FailureError } from "../../src/lib/failure.ts";
import { Secret } from "../../src/lib/secret.ts";
import {
  createPrometheusClient,
  type PrometheusClient,
  type PrometheusOptions,
} from "../../src/prometheus/create-client.ts";
import { createCertificateAuthority } from "../../src/sandbox/openbao/certificates.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { faults, startListener, startRedirecting } from "../vault/fault-servers.ts";
import { json, startRawServer } from "../vault/raw-server.ts";

const TOKEN = "not-the-form-of-any-token-0001";
const SHORT_MS = 300;
const LONG_MS = 10_000;
const NEVER = new AbortController().signal;

const ASKS: readonly {
  readonly name: string;
  readonly ask: (api: PrometheusApi, signal: AbortSignal) => Promise<unknown>;
}[] = [
  { name: "query", ask: async (api, signal) => await api.query("up", { signal }) },
  {
    name: "queryRange",
    ask: async (api, signal) => await api.queryRange("up", { from: 0, to: 60_000, stepMs: 1000, signal }),
  },
];

const opened: PrometheusClient[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map(async (client) => await client.close()));
});

function clientOf(url: string, options: Partial<PrometheusOptions> = {}): PrometheusClient {
  const client = createPrometheusClient({ url, timeoutMs: LONG_MS, maxBytes: 1_000_000, ...options });
  opened.push(client);
  return client;
}

async function failureOf(asked: Promise<unknown>): Promise<FailureError> {
  const thrown = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(FailureError);
  return thrown as FailureError;
}

describe.each(ASKS)("a client's $name", ({ ask }) => {
  it.each(faults)("says why when the server $name", async ({ start, reasons }) => {
    await using server = await start();
    const timeoutMs = reasons.every((reason) => reason === "timeout") ? SHORT_MS : LONG_MS;
    const client = clientOf(server.address, {
      timeoutMs,
      readToken: async () => await Promise.resolve(new Secret(TOKEN)),
    });

    const { reason, message } = await failureOf(ask(client, NEVER));

    expect(reasons).toContain(reason);
    expect(message).toMatch(/^cannot ask Prometheus at http:\/\/127\.0\.0\.1:\d+: .+; .+/u);
    expect(message).not.toContain(TOKEN);
  });

  it("says that nothing listens, and to check", async () => {
    const server = await startListener();
    await server[Symbol.asyncDispose]();
    const failure = await failureOf(ask(clientOf(server.address), NEVER));
    expect(failure).toMatchObject({
      reason: "unreachable",
      retryable: true,
      message: `cannot ask Prometheus at ${server.address}: nothing listens there (connection refused); check that it runs`,
    });
  });

  it("follows no redirect, so that nobody else gets the token", async () => {
    await using elsewhere = await startListener();
    await using server = await startRedirecting(elsewhere.address);
    const client = clientOf(server.address, { readToken: async () => await Promise.resolve(new Secret(TOKEN)) });

    const failure = await failureOf(ask(client, NEVER));

    expect(failure).toMatchObject({ reason: "refused", message: expect.stringContaining(elsewhere.address) });
    expect(elsewhere.seen).toEqual([]);
  });

  it("ends when its signal ends, before and while it waits", async () => {
    const [silent] = faults;
    await using server = await (silent as (typeof faults)[number]).start();
    expect(await failureOf(ask(clientOf(server.address), AbortSignal.abort()))).toMatchObject({ reason: "aborted" });

    const abort = new AbortController();
    const asked = failureOf(ask(clientOf(server.address), abort.signal));
    abort.abort();
    expect(await asked).toMatchObject({ reason: "aborted", retryable: true });
  });

  it("asks nobody when the token cannot be read", async () => {
    await using server = await startListener();
    const failure = new FailureError({ reason: "not-found", retryable: true, message: "cannot read the secret" });
    const client = clientOf(server.address, { readToken: async () => await Promise.reject(failure) });
    expect(await failureOf(ask(client, NEVER))).toBe(failure);
    expect(server.seen).toEqual([]);
  });
});

describe("a client's request", () => {
  it("posts the query to the API below its path, with the token and a time-out", async () => {
    const answer = { status: "success", data: { resultType: "vector", result: [] } };
    await using server = await startRawServer(json(200, answer));
    const client = clientOf(`${server.address}/prom/`, {
      readToken: async () => await Promise.resolve(new Secret(TOKEN)),
    });

    await client.query('up{job="vault"} > 0', { signal: NEVER });
    await client.queryRange("up", { from: 1_767_225_600_500, to: 1_767_229_200_500, stepMs: 92_308, signal: NEVER });

    const [instant, range] = server.received;
    expect(instant).toMatchObject({ method: "POST", url: "/prom/api/v1/query" });
    expect(instant?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/x-www-form-urlencoded",
    });
    expect(new URLSearchParams(instant?.body).get("query")).toBe('up{job="vault"} > 0');
    expect(new URLSearchParams(instant?.body).get("timeout")).toBe("10000ms");
    expect(range?.url).toBe("/prom/api/v1/query_range");
    expect(Object.fromEntries(new URLSearchParams(range?.body))).toMatchObject({
      start: "1767225600.500",
      end: "1767229200.500",
      step: "92.308",
    });
  });

  it("has no authorization without a token", async () => {
    const answer = { status: "success", data: { resultType: "scalar", result: [1, "2"] } };
    await using server = await startRawServer(json(200, answer));
    await clientOf(server.address).query("2", { signal: NEVER });
    expect(server.received[0]?.headers).not.toHaveProperty("authorization");
  });
});

describe("a client's answer", () => {
  const LABELS = { node: "vault-0" };
  it.each([
    {
      name: "a vector, with infinities and NaN",
      data: {
        resultType: "vector",
        result: ["1.5", "+Inf", "-Inf", "NaN"].map((value) => ({ metric: LABELS, value: [1_767_225_600.123, value] })),
      },
      values: [1.5, Infinity, -Infinity, Number.NaN],
    },
    { name: "a scalar", data: { resultType: "scalar", result: [1_767_225_600.123, "3"] }, values: [3] },
    {
      name: "a series of histograms, which are no numbers",
      data: { resultType: "vector", result: [{ metric: LABELS, histogram: [1, { count: "1" }] }] },
      values: [],
    },
    {
      name: "a matrix",
      data: {
        resultType: "matrix",
        result: [
          {
            metric: LABELS,
            values: [
              [1_767_225_600.123, "1"],
              [1_767_225_660, "2"],
            ],
          },
        ],
      },
      values: [1, 2],
    },
  ])("reads $name", async ({ data, values }) => {
    await using server = await startRawServer(json(200, { status: "success", data }));
    const series = await clientOf(server.address).query("x", { signal: NEVER });
    expect(series.flatMap(({ points }) => points.map(([, value]) => value))).toEqual(values);
    for (const { points } of series) expect(points[0]?.[0]).toBe(1_767_225_600_123);
  });

  it.each([
    { status: 400, type: "bad_data", reason: "refused", retryable: false },
    { status: 422, type: "execution", reason: "refused", retryable: false },
    { status: 503, type: "timeout", reason: "timeout", retryable: true },
    { status: 503, type: "canceled", reason: "timeout", retryable: true },
    { status: 500, type: "internal", reason: "server-error", retryable: true },
    { status: 401, type: "unauthorized", reason: "denied", retryable: false },
  ])("tells Prometheus' own words of $type ($status)", async ({ status, type, reason, retryable }) => {
    const words = `1:3: parse error\nwith ${TOKEN} and hvs.${"a".repeat(30)} in it`;
    await using server = await startRawServer(json(status, { status: "error", errorType: type, error: words }));
    const client = clientOf(server.address, { readToken: async () => await Promise.resolve(new Secret(TOKEN)) });

    const failure = await failureOf(client.query("x", { signal: NEVER }));

    expect(failure).toMatchObject({ reason, retryable });
    expect(failure.message).toContain('"1:3: parse error with <redacted> and <redacted Vault token> in it"');
  });

  it.each([
    { status: 401, reason: "denied", advice: "prometheus.token" },
    { status: 403, reason: "denied", advice: "prometheus.token" },
    { status: 404, reason: "not-found", advice: "must end before /api" },
  ])("gives advice when something in front answers $status", async ({ status, reason, advice }) => {
    await using server = await startRawServer(json(status, { message: "no" }));
    const failure = await failureOf(clientOf(server.address).query("x", { signal: NEVER }));
    expect(failure).toMatchObject({ reason, message: expect.stringContaining(advice) });
  });

  it("is refused when it is larger than the limit, though it is good", async () => {
    const metric = { long: "x".repeat(2_000_000) };
    const answer = { status: "success", data: { resultType: "vector", result: [{ metric, value: [1, "1"] }] } };
    await using server = await startRawServer(json(200, answer));
    const failure = await failureOf(clientOf(server.address).query("x", { signal: NEVER }));
    expect(failure).toMatchObject({ reason: "too-large", message: expect.stringContaining("aggregate the query") });
  });
});

describeWith(["openssl"], "a client of a Prometheus with TLS", () => {
  it("trusts the authority that is configured and no other, and looks again for a file that was not there", async () => {
    await using directory = await temporaryDirectory();
    const authority = await createCertificateAuthority(directory.path, "prometheus");
    const { certFile, keyFile } = await authority.issue("127.0.0.1");
    const certificate = { cert: await readFile(certFile), key: await readFile(keyFile) };
    const answer = { status: "success", data: { resultType: "scalar", result: [1, "1"] } };
    await using server = await startRawServer(
      json(200, answer),
      (listener) => createServer(certificate, listener),
      "https",
    );

    const stranger = await failureOf(clientOf(server.address).query("1", { signal: NEVER }));
    expect(stranger).toMatchObject({ reason: "unreachable", message: expect.stringContaining("prometheus.caFile") });
    expect(server.received).toEqual([]);

    const caFile = join(directory.path, "late.pem");
    const client = clientOf(server.address, { caFile });
    expect(await failureOf(client.query("1", { signal: NEVER }))).toMatchObject({ reason: "refused" });
    await writeFile(caFile, await readFile(authority.caFile));
    expect(await client.query("1", { signal: NEVER })).toHaveLength(1);
  });
});
