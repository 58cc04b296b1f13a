import { describe, expect, it } from "@jest/globals";
import { ConcurrencyError } from "../../src/lib/concurrency-error.ts";

describe("ConcurrencyError", () => {
  it("says which run moved on, from where to where, and what to do", () => {
    const error = new ConcurrencyError("R1", 3, 5);

    expect(error.message).toBe("cannot append to run R1: it has 5 events and not 3; load it again and decide again");
    expect(error).toMatchObject({ name: "ConcurrencyError", runId: "R1", expected: 3, actual: 5 });
  });
});
