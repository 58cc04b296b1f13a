import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { FailureError } from "../../src/lib/failure.ts";
import { packageRoot } from "../../src/app/package-files.ts";
import { Secret } from "../../src/lib/secret.ts";
import { createVaultTransport } from "../../src/vault/http-transport.ts";
import type { VaultTransport } from "../../src/vault/transport.ts";
import { everyEndpoint, type EndpointCall } from "./every-endpoint.ts";
import { faults, startListener, startRedirecting } from "./fault-servers.ts";

/*
 * Every endpoint meets every fault: the call ends in its time with a failure that has a reason, and never with a crash, a hang, or a token
 * in the wrong hands. What a whole scrape makes of the same faults is in test/exporter/faults.test.ts, faults of TLS are in
 * test/vault/dispatcher.test.ts.
 */

const CANARY = "hvs.CANARY-fault-matrix-0001";
/** Short where the end of the time is what is waited for, long where a busy machine must not decide. */
const SHORT_MS = 300;
const LONG_MS = 10_000;
const endpoints = await everyEndpoint();

const open: VaultTransport[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(async (transport) => await transport.close()));
});

function transportTo(address: string): VaultTransport {
  const source = { read: async () => await Promise.resolve(new Secret(CANARY)) };
  const tokens = { read: source, operate: source };
  const transport = createVaultTransport({ node: { name: "vault-0", address }, tokens, maxBytes: 1_000_000 });
  open.push(transport);
  return transport;
}

describe("every endpoint", () => {
  it("is in the matrix: each file of src/vault/endpoints has at least one call here", async () => {
    const files = await readdir(join(packageRoot, "src", "vault", "endpoints"));

    expect([...new Set(endpoints.map(({ file }) => file))].toSorted()).toEqual(files.toSorted());
  });

  it.each(faults)("says why when the server $name", async ({ start, reasons }) => {
    await using server = await start();
    const transport = transportTo(server.address);

    const timeoutMs = reasons.every((reason) => reason === "timeout") ? SHORT_MS : LONG_MS;
    const told = await Promise.all(endpoints.map(async (endpoint) => await outcomeOf(endpoint, transport, timeoutMs)));

    const wrong = told.filter(
      ({ unread, reason }) => !(reasons as readonly string[]).includes(reason) && !(unread && reason === "none"),
    );
    expect(wrong).toEqual([]);
    for (const { message } of told) expect(message).not.toContain(CANARY);
  });

  it("says why when the name does not resolve", async () => {
    const transport = transportTo("http://vault-0.invalid:8200");

    const told = await Promise.all(endpoints.map(async (endpoint) => await outcomeOf(endpoint, transport)));

    // A resolver that takes its time over a name that is not there is a connection that does not come about in time.
    expect(told.filter(({ reason }) => reason !== "unreachable" && reason !== "timeout")).toEqual([]);
  });

  it("follows no redirect, so that nobody else gets the token", async () => {
    await using elsewhere = await startListener();
    await using server = await startRedirecting(elsewhere.address);
    const transport = transportTo(server.address);

    const told = await Promise.all(endpoints.map(async (endpoint) => await outcomeOf(endpoint, transport)));

    expect([...new Set(told.map(({ reason }) => reason))]).toEqual(["standby"]);
    expect(elsewhere.seen).toEqual([]);
  });

  it("reads any JSON as an answer or refuses it, and never throws anything but that", () => {
    const schemas = endpoints.flatMap(({ answer }) => answer ?? []);
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ data: fc.jsonValue() })), (body) => {
        for (const schema of schemas) expect(typeof schema.safeParse(body).success).toBe("boolean");
      }),
    );
  });
});

type Outcome = { readonly name: string; readonly unread: boolean; readonly reason: string; readonly message: string };

async function outcomeOf(
  { name, unread, call }: EndpointCall,
  transport: VaultTransport,
  timeoutMs = LONG_MS,
): Promise<Outcome> {
  try {
    await call(transport, { timeoutMs });
    return { name, unread, reason: "none", message: "" };
  } catch (error) {
    if (!(error instanceof FailureError)) throw new Error(`${name} threw something else`, { cause: error });
    return { name, unread, reason: error.reason, message: error.message };
  }
}
