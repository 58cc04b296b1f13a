import { describe, expect, it } from "@jest/globals";
import { apiFailure, isExpired } from "../../src/discovery/kubernetes-failure.ts";

describe("apiFailure", () => {
  it.each([
    {
      name: "a time-out",
      error: new DOMException("late", "TimeoutError"),
      reason: "timeout",
      why: "no answer in time",
    },
    { name: "an end from outside", error: new DOMException("end", "AbortError"), reason: "aborted", why: "gave up" },
    {
      name: "a connection, by its cause's code",
      error: new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }) }),
      reason: "unreachable",
      why: "ECONNREFUSED",
    },
    {
      name: "a certificate",
      error: new TypeError("fetch failed", {
        cause: Object.assign(new Error("x"), { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" }),
      }),
      reason: "unreachable",
      why: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    },
    { name: "a call's status", error: { code: 503 }, reason: "server-error", why: "answered 503" },
    { name: "a watch's status", error: { statusCode: 403 }, reason: "denied", why: "answered 403" },
    { name: "something else", error: undefined, reason: "unreachable", why: "the connection failed" },
  ])("explains $name", ({ error, reason, why }) => {
    const failure = apiFailure("watch", { namespace: "vault" }, error);

    expect(failure.reason).toBe(reason);
    expect(failure.message).toContain(`cannot watch the pods of namespace vault at the Kubernetes API: `);
    expect(failure.message).toContain(why);
    expect(failure.retryable).toBe(reason !== "denied");
  });
});

describe("isExpired", () => {
  it.each([
    { name: "a call's code", error: { code: 410 }, expected: true },
    { name: "a watch's status", error: { statusCode: 410 }, expected: true },
    { name: "another code", error: { code: 404 }, expected: false },
    { name: "words", error: { code: "410" }, expected: false },
    { name: "nothing", error: null, expected: false },
  ])("knows 410 Gone in $name: $expected", ({ error, expected }) => {
    expect(isExpired(error)).toBe(expected);
  });
});
