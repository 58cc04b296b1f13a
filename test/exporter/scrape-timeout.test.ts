import { describe, expect, it } from "@jest/globals";
import { scrapeTimeoutMs } from "../../src/exporter/scrape-timeout.ts";

const timeouts = { defaultMs: 9000, offsetMs: 500 };

describe("scrapeTimeoutMs", () => {
  it.each([
    { name: "no header", header: undefined, timeoutMs: 9000 },
    { name: "Prometheus' default", header: "10", timeoutMs: 9500 },
    { name: "a fraction", header: "2.5", timeoutMs: 2000 },
    { name: "less than twice the offset", header: "0.6", timeoutMs: 300 },
    { name: "an absurd time", header: "1e9", timeoutMs: 120_000 },
    { name: "zero", header: "0", timeoutMs: 9000 },
    { name: "a negative time", header: "-5", timeoutMs: 9000 },
    { name: "text", header: "soon", timeoutMs: 9000 },
    { name: "nothing", header: "", timeoutMs: 9000 },
    { name: "infinity", header: "Infinity", timeoutMs: 9000 },
  ])("reads $name", ({ header, timeoutMs }) => {
    expect(scrapeTimeoutMs(header, timeouts)).toBe(timeoutMs);
  });
});
