import { describe, expect, it } from "@jest/globals";
import { waitFor } from "../../src/sandbox/wait-for.ts";

describe("waitFor", () => {
  it("gives what the probe gives as soon as that is something, false included", async () => {
    const answers = [undefined, undefined, false, true];
    expect(await waitFor("an answer", async () => answers.shift(), { everyMs: 1 })).toBe(false);
    expect(answers).toEqual([true]);
  });

  it("takes an error of the probe for a not yet", async () => {
    let calls = 0;
    const probe = async (): Promise<string> => {
      if (++calls < 3) throw new Error("refused");
      return "up";
    };
    expect(await waitFor("the server", probe, { everyMs: 1 })).toBe("up");
  });

  it("says at the deadline what it waited for, how long, and the last error", async () => {
    const refused = new Error("connect ECONNREFUSED");
    const waiting = waitFor("vault-0 answer", () => Promise.reject(refused), { timeoutMs: 20, everyMs: 1 });
    await expect(waiting).rejects.toMatchObject({
      reason: "timeout",
      message: "cannot see vault-0 answer: not within 20 ms (last error: connect ECONNREFUSED)",
      cause: refused,
    });
  });

  it("says at the deadline that the condition never held, when the last probe did not fail", async () => {
    const waiting = waitFor("three voters", async () => undefined, { timeoutMs: 10, everyMs: 1 });
    await expect(waiting).rejects.toThrow("cannot see three voters: not within 10 ms (the condition never held)");
  });

  it("ends at once with the signal's reason, even in the middle of a pause", async () => {
    const died = new AbortController();
    const waiting = waitFor("vault-0 answer", async () => undefined, { everyMs: 60_000, signal: died.signal });
    died.abort(new Error("the process ended"));
    await expect(waiting).rejects.toThrow("the process ended");
  });
});
