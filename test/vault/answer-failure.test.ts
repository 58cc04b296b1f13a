import { describe, expect, it } from "@jest/globals";
import { answerFailure } from "../../src/vault/answer-failure.ts";

const CALL = {
  method: "GET",
  path: "sys/storage/raft/configuration",
  nodeName: "vault-1",
  address: "http://a:8200",
} as const;

describe("answerFailure", () => {
  it.each([
    {
      name: "a sealed node",
      code: 503,
      errors: ["Vault is sealed"],
      expected: { reason: "sealed", retryable: true },
      why: "the node is sealed (503); unseal it, or ask an unsealed node",
    },
    {
      name: "an uninitialized node by its code",
      code: 501,
      errors: [],
      expected: { reason: "uninitialized", retryable: false },
      why: "the node is not initialized (501); let it join its cluster; initialize it only when it is the first of a new one",
    },
    {
      name: "an uninitialized node by its words",
      code: 503,
      errors: ["server is not yet initialized"],
      expected: { reason: "uninitialized", retryable: false },
      why: "the node is not initialized (503); let it join its cluster; initialize it only when it is the first of a new one",
    },
    {
      name: "a cluster without leader",
      code: 500,
      errors: ["local node not active but active cluster node not found"],
      expected: { reason: "no-leader", retryable: true },
      why: "the cluster has no active node (500); see sys/leader on every node: an election takes seconds, a lost quorum does not heal by itself",
    },
    {
      name: "a cluster without leader, in Vault's other words",
      code: 503,
      errors: ["no active Vault instance found"],
      expected: { reason: "no-leader", retryable: true },
      why: "the cluster has no active node (503); see sys/leader on every node: an election takes seconds, a lost quorum does not heal by itself",
    },
    {
      name: "a denial, with the line that is missing",
      code: 403,
      errors: ["1 error occurred:\n\t* permission denied\n\n"],
      expected: { reason: "denied", retryable: false },
      why: `denied (403); add: path "sys/storage/raft/configuration" { capabilities = ["read"] } to the token's policy, or give a new token when this one has expired`,
    },
    {
      name: "a path that is not there",
      code: 404,
      errors: ["1 error occurred:\n\t* unsupported path\n\n"],
      expected: { reason: "not-found", retryable: false },
      why: `"1 error occurred: * unsupported path" (404); check that the path exists on this product, version and edition`,
    },
    {
      name: "an empty 404",
      code: 404,
      errors: [],
      expected: { reason: "not-found", retryable: false },
      why: "there is nothing (404); check that the path exists on this product, version and edition",
    },
    {
      name: "a node that lags",
      code: 412,
      errors: [],
      expected: { reason: "standby", retryable: true },
      why: "the node has not caught up with the active one (412); try again, or ask the active node",
    },
    {
      name: "a quota",
      code: 429,
      errors: ["rate limit quota exceeded"],
      expected: { reason: "rate-limited", retryable: true },
      why: `a rate limit was reached: "rate limit quota exceeded" (429); wait a little, or exempt the path in sys/quotas/config`,
    },
    {
      name: "bad input",
      code: 400,
      errors: ["no server id provided"],
      expected: { reason: "refused", retryable: false },
      why: `refused: "no server id provided" (400); check the request against the API of this version`,
    },
    {
      name: "a lease that is no more",
      code: 400,
      errors: ["invalid lease"],
      expected: { reason: "not-found", retryable: false },
      why: `"invalid lease" (400); it never was, has ended or was revoked`,
    },
    {
      name: "an accessor that no token has, in whatever code",
      code: 403,
      errors: ["1 error occurred:\n\t* invalid accessor\n\n"],
      expected: { reason: "not-found", retryable: false },
      why: `"1 error occurred: * invalid accessor" (403); it never was, has ended or was revoked`,
    },
    {
      name: "an internal error",
      code: 500,
      errors: ["internal error"],
      expected: { reason: "server-error", retryable: true },
      why: `server error "internal error" (500); read the server's log`,
    },
    {
      name: "a proxy's error without words",
      code: 502,
      errors: undefined,
      expected: { reason: "server-error", retryable: true },
      why: "server error (502); read the server's log",
    },
  ])("explains $name", ({ code, errors, expected, why }) => {
    const failure = answerFailure(CALL, answer(code, errors));
    expect(failure).toMatchObject({
      ...expected,
      message: `cannot read sys/storage/raft/configuration on vault-1: ${why}`,
    });
  });

  it("names sudo where the path wants it", () => {
    const failure = answerFailure({ ...CALL, method: "PUT", path: "sys/step-down" }, answer(403, []));
    expect(failure.message).toContain(`add: path "sys/step-down" { capabilities = ["update", "sudo"] }`);
  });

  it("does not call a change retryable after a server error", () => {
    const failure = answerFailure({ ...CALL, method: "POST" }, answer(500, ["internal error"]));
    expect(failure.retryable).toBe(false);
    expect(failure.message).toContain("it may have taken effect");
  });

  it("calls a change retryable when the node was sealed, because nothing can have happened", () => {
    expect(answerFailure({ ...CALL, method: "POST" }, answer(503, ["Vault is sealed"])).retryable).toBe(true);
  });

  it.each([
    { name: "to TLS on the same host", code: 307, location: "https://a:8200/v1/sys/leader", target: "https://a:8200" },
    { name: "of a proxy", code: 302, location: "https://login.example/", target: "https://login.example" },
    { name: "to nowhere", code: 307, location: undefined, target: "nowhere" },
    { name: "to no address", code: 308, location: "http://[", target: "nowhere" },
  ])("tells a redirect $name from a standby's", ({ code, location, target }) => {
    const headers: Record<string, string> = location === undefined ? {} : { location };
    expect(answerFailure(CALL, { ...answer(code, undefined), headers })).toMatchObject({
      reason: "refused",
      message: `cannot read sys/storage/raft/configuration on vault-1: redirected to ${target} (${code}); configure the node's own address, not a proxy's: a token follows no redirect`,
    });
  });

  it("says what to do when an HTTPS server was asked in HTTP", () => {
    const text = "Client sent an HTTP request to an HTTPS server.\n";
    expect(answerFailure(CALL, { statusCode: 400, headers: {}, text, body: undefined }).message).toContain(
      "the address must begin with https://",
    );
  });

  it("shows no control characters: they would speak to the terminal of whoever reads it", () => {
    expect(answerFailure(CALL, answer(400, ["\u001B[2Jall\u0000is\r\nwell"])).message).toContain('"[2Jall is well"');
  });

  it("shortens and redacts Vault's words", () => {
    const failure = answerFailure(CALL, answer(400, [`hvs.${"a".repeat(30)} ${"long ".repeat(100)}`]));
    expect(failure.message).toContain("<redacted Vault token> long");
    expect(failure.message.length).toBeLessThan(400);
  });
});

function answer(statusCode: number, errors: readonly string[] | undefined): Parameters<typeof answerFailure>[1] {
  const body = errors === undefined ? undefined : { errors };
  return { statusCode, headers: {}, text: JSON.stringify(body) ?? "", body };
}
