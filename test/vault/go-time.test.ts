import { describe, expect, it } from "@jest/globals";
import { parseGoTime } from "../../src/vault/go-time.ts";

describe("parseGoTime", () => {
  it.each([
    { name: "nanoseconds", text: "2026-11-22T08:02:58.084919212Z", seconds: 1_795_334_578.084 },
    { name: "whole seconds", text: "2027-05-17T23:59:59Z", seconds: 1_810_598_399 },
    { name: "another time zone", text: "2024-03-04T10:05:56-05:00", seconds: 1_709_564_756 },
    { name: "the epoch", text: "1970-01-01T00:00:00Z", seconds: 0 },
    { name: "Go's zero time, which is never", text: "0001-01-01T00:00:00Z", seconds: undefined },
    { name: "nothing", text: "", seconds: undefined },
    { name: "no time", text: "soon", seconds: undefined },
  ])("reads $name", ({ text, seconds }) => {
    expect(parseGoTime(text)).toBe(seconds);
  });
});
