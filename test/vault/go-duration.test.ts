import { describe, expect, it } from "@jest/globals";
import { parseGoDuration } from "../../src/vault/go-duration.ts";

describe("parseGoDuration", () => {
  it.each([
    { text: "0s", milliseconds: 0 },
    { text: "0", milliseconds: 0 },
    { text: "1.2s", milliseconds: 1200 },
    { text: "920.007426ms", milliseconds: 920.007426 },
    { text: "15.208927931s", milliseconds: 15_208.927931 },
    { text: "24h0m0s", milliseconds: 86_400_000 },
    { text: "1m30s", milliseconds: 90_000 },
    { text: "250µs", milliseconds: 0.25 },
    { text: "250us", milliseconds: 0.25 },
    { text: "-5s", milliseconds: -5000 },
    { text: "9999999999h", milliseconds: 9_999_999_999 * 3_600_000 },
  ])("reads $text", ({ text, milliseconds }) => {
    expect(parseGoDuration(text)).toBeCloseTo(milliseconds, 6);
  });

  it.each(["", "5", "s", "1.2.3s", "1 s", "1d", "never", "1h2", "-", "."])("refuses %j", (text) => {
    expect(parseGoDuration(text)).toBeUndefined();
  });
});
