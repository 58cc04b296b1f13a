const UNITS_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const WHOLE = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/u;
const PART = /(?<amount>[\d.]+)(?<unit>ns|us|µs|μs|ms|s|m|h)/gu;

/** Reads a duration as Go prints it ("1.2s", "24h0m0s", "920.007ms", "0s") as milliseconds; gives undefined for anything else. */
export function parseGoDuration(text: string): number | undefined {
  if (text === "0") return 0;
  if (!WHOLE.test(text)) return undefined;
  let total = 0;
  for (const { groups } of text.matchAll(PART)) {
    total += Number(groups?.["amount"]) * (UNITS_MS[groups?.["unit"] ?? ""] ?? 0);
  }
  return text.startsWith("-") ? -total : total;
}
