import { describe, expect, it } from "@jest/globals";
import { FailureError, toFailure } from "../../src/lib/failure.ts";

describe("toFailure", () => {
  it("keeps the reason, the words and whether a retry makes sense, and drops the cause", () => {
    const failure = {
      reason: "timeout",
      retryable: true,
      message: "cannot read sys/health on vault-1: no answer",
    } as const;

    expect(toFailure(new FailureError(failure, { cause: new Error("socket hang up") }))).toEqual(failure);
  });

  it.each([
    { name: "a bug", thrown: new TypeError("x is not a function"), message: "x is not a function" },
    { name: "a thrown text", thrown: "no", message: "no" },
    { name: "nothing", thrown: undefined, message: "undefined" },
  ])("takes $name for a server error that no retry mends", ({ thrown, message }) => {
    expect(toFailure(thrown)).toEqual({ reason: "server-error", retryable: false, message });
  });

  it("lets no token through that somebody else put into a message", () => {
    const { message } = toFailure(new Error(`request failed: X-Vault-Token: hvs.${"Ab1".repeat(20)}`));

    expect(message).toBe("request failed: X-Vault-Token: <redacted Vault token>");
  });
});
