/** Scale is how the numbers of a picture or a comparison are written: all in the same unit, with the decimals that tell them apart. */
export type Scale = {
  /** What a value is divided by before it is written. */
  readonly divisor: number;
  /** What stands after the number, with its space: ` ms`; empty for plain numbers. */
  readonly suffix: string;
  readonly decimals: number;
};

type Step = { readonly from: number; readonly suffix: string };

const SECONDS: readonly Step[] = [
  { from: 86_400 * 3, suffix: "d" },
  { from: 3600 * 3, suffix: "h" },
  { from: 180, suffix: "min" },
  { from: 1, suffix: "s" },
  { from: 1e-3, suffix: "ms" },
  { from: 0, suffix: "µs" },
];

const DIVISORS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, min: 60, s: 1, ms: 1e-3, µs: 1e-6 };

const BYTES = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

/** Chooses how to write values of a unit (`s`, `bytes`, `leases`, empty) beside each other; what is not finite is not looked at. */
export function scaleOf(values: readonly number[], unit: string): Scale {
  const numbers = values.filter((value) => Number.isFinite(value));
  const most = numbers.reduce((held, value) => Math.max(held, Math.abs(value)), 0);
  const { divisor, suffix } = unitFor(most, unit);
  const scaled = numbers.map((value) => value / divisor);
  return { divisor, suffix: suffix === "" ? "" : ` ${suffix}`, decimals: decimalsFor(scaled) };
}

/** Writes a value: `1,204 leases`, `420 ms`; "no value" when it is not finite. */
export function writeScaled(value: number, { divisor, suffix, decimals }: Scale): string {
  if (!Number.isFinite(value)) return "no value";
  const rounded = Number((value / divisor).toFixed(decimals));
  // Zero has no sign.
  return `${new Intl.NumberFormat("en-GB", { maximumFractionDigits: decimals }).format(rounded === 0 ? 0 : rounded)}${suffix}`;
}

function unitFor(most: number, unit: string): { readonly divisor: number; readonly suffix: string } {
  if (most >= 1e15 || (most > 0 && most < 1e-9)) return powerOfTen(most, unit);
  if (unit === "s" || unit === "seconds") return seconds(most);
  if (unit === "bytes") {
    const step = most < 1 ? 0 : Math.min(BYTES.length - 1, Math.floor(Math.log10(most) / 3));
    return { divisor: 1000 ** step, suffix: BYTES[step] ?? "" };
  }
  return { divisor: 1, suffix: unit };
}

function seconds(most: number): { readonly divisor: number; readonly suffix: string } {
  const suffix = most === 0 ? "s" : (SECONDS.find(({ from }) => most >= from)?.suffix ?? "s");
  return { divisor: DIVISORS[suffix] ?? 1, suffix };
}

/** What nobody has a word for: `1.8 ×10^300`. */
function powerOfTen(most: number, unit: string): { readonly divisor: number; readonly suffix: string } {
  const power = Math.max(-300, Math.min(306, Math.floor(Math.log10(most) / 3) * 3));
  return { divisor: 10 ** power, suffix: `×10^${power} ${unit}`.trim() };
}

/** As many decimals as tell the values apart, at most 6; none for whole numbers. */
function decimalsFor(numbers: readonly number[]): number {
  if (numbers.every((value) => Number.isInteger(value))) return 0;
  const least = numbers.reduce((held, value) => Math.min(held, value), Infinity);
  const most = numbers.reduce((held, value) => Math.max(held, value), -Infinity);
  const span = most - least || Math.abs(most);
  return Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(span))));
}
