import { describe, expect, it } from "@jest/globals";
import { formatFinding } from "../../src/lib/finding.ts";

describe("formatFinding", () => {
  it("begins with the place in the form that editors and terminals turn into a link", () => {
    const finding = {
      file: "runbooks/lost-peer.yaml",
      line: 12,
      column: 7,
      rule: "unknown-action",
      message: "no such check",
    };

    expect(formatFinding(finding)).toBe("runbooks/lost-peer.yaml:12:7: no such check (unknown-action)");
  });
});
