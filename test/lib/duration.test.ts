import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { formatDuration, parseDuration } from "../../src/lib/duration.ts";

describe("parseDuration", () => {
  it.each([
    { name: "milliseconds", text: "850ms", milliseconds: 850 },
    { name: "seconds", text: "90s", milliseconds: 90_000 },
    { name: "minutes", text: "5m", milliseconds: 300_000 },
    { name: "hours and minutes", text: "1h30m", milliseconds: 5_400_000 },
    { name: "days", text: "7d", milliseconds: 604_800_000 },
    { name: "every unit", text: "1d2h3m4s5ms", milliseconds: 93_784_005 },
    { name: "nothing at all, as a number", text: "0s", milliseconds: 0 },
  ])("reads $name", ({ text, milliseconds }) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each([
    { name: "an empty text", text: "" },
    { name: "a number without a unit", text: "30" },
    { name: "a unit without a number", text: "m" },
    { name: "a fraction", text: "1.5h" },
    { name: "a negative number", text: "-5m" },
    { name: "a blank between", text: "1h 30m" },
    { name: "a capital unit", text: "5M" },
    { name: "a week, which we do not know", text: "1w" },
    { name: "more text behind", text: "5m!" },
    { name: "a line break behind", text: "5m\n" },
  ])("refuses $name", ({ text }) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => ["number", "undefined"].includes(typeof parseDuration(text))));
  });
});

describe("formatDuration", () => {
  it.each([
    { milliseconds: 0, text: "0ms" },
    { milliseconds: 850, text: "850ms" },
    { milliseconds: 999.7, text: "1s" },
    { milliseconds: 1000, text: "1s" },
    { milliseconds: 59_999, text: "1m" },
    { milliseconds: 125_000, text: "2m 5s" },
    { milliseconds: 3_600_000, text: "1h" },
    { milliseconds: 3_605_000, text: "1h" },
    { milliseconds: 90_061_000, text: "1d 1h" },
    { milliseconds: 604_800_000, text: "7d" },
    { milliseconds: -5, text: "0ms" },
  ])("writes $milliseconds ms as $text", ({ milliseconds, text }) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it("is read back as what it was, when two units are enough to say it", () => {
    const exact = fc.oneof(
      fc.integer({ min: 0, max: 999 }),
      fc.integer({ min: 1, max: 3599 }).map((seconds) => seconds * 1000),
      fc.integer({ min: 1, max: 24 * 60 - 1 }).map((minutes) => minutes * 60_000),
      fc.integer({ min: 1, max: 24 * 365 }).map((hours) => hours * 3_600_000),
    );

    fc.assert(
      fc.property(exact, (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds).replaceAll(" ", ""))).toBe(milliseconds);
      }),
    );
  });

  it("never says more than there was, and loses less than the smaller of its two units", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seconds) => {
        const read = parseDuration(formatDuration(seconds * 1000).replaceAll(" ", "")) ?? Number.NaN;

        expect(read).toBeLessThanOrEqual(seconds * 1000);
        expect(seconds * 1000 - read).toBeLessThan(seconds >= 86_400 ? 3_600_000 : 60_000);
      }),
    );
  });
});
