const BARS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;
const GAP = "·";

/**
 * Draws values as one line of at most `width` characters, lowest to highest; neighbours share a character when there are more, and show the
 * greater of them, so that no peak is lost. What is not finite is a gap. All values alike are a line in the middle, all zero one at the bottom.
 */
export function sparkline(values: readonly number[], width: number): string {
  const columns = Math.min(width, values.length);
  const shown = Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.floor(((column + 1) * values.length) / columns);
    return greatest(values.slice(from, to));
  });
  const finite = shown.filter((value) => value !== undefined);
  const lowest = finite.reduce((least, value) => Math.min(least, value), Infinity);
  const highest = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  return shown.map((value) => (value === undefined ? GAP : bar(value, lowest, highest))).join("");
}

function greatest(values: readonly number[]): number | undefined {
  const finite = values.filter((value) => Number.isFinite(value));
  return finite.length === 0 ? undefined : finite.reduce((most, value) => Math.max(most, value));
}

function bar(value: number, lowest: number, highest: number): string {
  if (lowest === highest) return lowest === 0 ? BARS[0] : BARS[3];
  // Halved before they are subtracted: the span of two huge numbers would be infinite.
  const share = (value / 2 - lowest / 2) / (highest / 2 - lowest / 2);
  return BARS[Math.min(BARS.length - 1, Math.floor(share * BARS.length))] ?? BARS[0];
}
