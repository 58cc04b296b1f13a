import { describe, expect, it } from "@jest/globals";
import { FailureError } from "../../src/lib/failure.ts";
import { CutOff } from "../../src/wire/send.ts";
import { thrownFailure } from "../../src/vault/thrown-failure.ts";

const CALL = { method: "GET", path: "sys/leader", nodeName: "vault-1", address: "https://v:8200" } as const;
const LIMITS = { connectMs: 2000, timeoutMs: 5000, maxBytes: 100 };

describe("thrownFailure", () => {
  it.each([
    { code: "ECONNREFUSED", why: "nothing listens at https://v:8200 (connection refused); check that the server runs" },
    { code: "ENOTFOUND", why: "the name in https://v:8200 does not resolve; check the address and the DNS" },
    { code: "EHOSTUNREACH", why: "there is no route to https://v:8200; check the network and its policies" },
    {
      code: "CERT_HAS_EXPIRED",
      why: "the certificate of https://v:8200 has expired; renew the certificate of the server",
    },
    {
      code: "CERT_NOT_YET_VALID",
      why: "the certificate of https://v:8200 is not valid yet; compare the clocks of both machines",
    },
    { code: "UND_ERR_SOCKET", why: "the connection to https://v:8200 broke; check whether the server restarted" },
    {
      code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
      why: "TLS to https://v:8200 failed (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED); check tls.certFile and tls.keyFile: the server may want a client certificate",
    },
    { code: "EWHATEVER", why: "the connection to https://v:8200 failed (EWHATEVER); check the server" },
  ])("says $code in words", ({ code, why }) => {
    const failure = thrownFailure(CALL, LIMITS, Object.assign(new Error("x"), { code }));
    expect(failure).toMatchObject({
      reason: "unreachable",
      retryable: true,
      message: `cannot read sys/leader on vault-1: ${why}`,
    });
  });

  it("finds the code in the cause", () => {
    const error = new Error("outer", { cause: Object.assign(new Error("inner"), { code: "ECONNREFUSED" }) });
    expect(thrownFailure(CALL, LIMITS, error).message).toContain("nothing listens");
  });

  it("says that a connection took too long", () => {
    expect(thrownFailure(CALL, LIMITS, { code: "UND_ERR_CONNECT_TIMEOUT" })).toMatchObject({
      reason: "timeout",
      message:
        "cannot read sys/leader on vault-1: no connection to https://v:8200 within 2s; check the network, its policies and the machine",
    });
  });

  it.each([
    { name: "that was never sent", error: { code: "ECONNREFUSED" }, retryable: true },
    { name: "that never connected", error: { code: "UND_ERR_CONNECT_TIMEOUT" }, retryable: true },
    { name: "whose connection broke", error: { code: "ECONNRESET" }, retryable: false },
    { name: "that was cut off", error: new CutOff("aborted"), retryable: false },
    { name: "that took too long", error: new CutOff("timeout"), retryable: false },
  ])("calls a change $name retryable: $retryable", ({ error, retryable }) => {
    expect(thrownFailure({ ...CALL, method: "POST" }, LIMITS, error).retryable).toBe(retryable);
  });

  it("frightens nobody about a question that is a POST: it is a read, and may be asked again", () => {
    const failure = thrownFailure({ ...CALL, method: "POST", asks: true }, LIMITS, new CutOff("timeout"));
    expect(failure).toMatchObject({ reason: "timeout", retryable: true });
    expect(failure.message).toMatch(/^cannot read sys\/leader on vault-1: /u);
    expect(failure.message).not.toContain("may have taken effect");
  });

  it("leaves a failure that is already explained alone", () => {
    const denied = new FailureError({ reason: "denied", message: "cannot read the token", retryable: false });
    expect(thrownFailure(CALL, LIMITS, denied)).toBe(denied);
  });
});
