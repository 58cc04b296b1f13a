/** Bytes of all series of one answer, as JSON: a run keeps every answer in its timeline. */
const MOST_BYTES = 3600;

/** A series as it is stored: the numbers in order, and which of its steps have none. */
export type SeriesPoints = { readonly points: number[]; readonly gaps: number[] };

/** Rounds values to what a picture can show, a two-hundredth of their span; whole numbers stay whole. What is not finite is a gap. */
export function writePoints(values: readonly number[]): SeriesPoints {
  const finite = values.filter((value) => Number.isFinite(value));
  const digits = digitsFor(finite);
  return {
    points: finite.map((value) => Number(value.toPrecision(digits))),
    gaps: values.flatMap((value, step) => (Number.isFinite(value) ? [] : [step])),
  };
}

/** Leaves out the points of series that would make the JSON of all too big, the first ones served first; what else is told of them stays. */
export function withinBudget<T extends SeriesPoints>(series: readonly T[]): T[] {
  const bare = series.map((each) => ({ ...each, points: [], gaps: [] }));
  let used = bytesOf(bare);
  return series.map((each) => {
    const bytes = bytesOf(each.points) + bytesOf(each.gaps);
    if (used + bytes > MOST_BYTES) return { ...each, points: [], gaps: [] };
    used += bytes;
    return each;
  });
}

/** So many significant digits that what is rounded away is less than a two-hundredth of the span: 3 to 12, all 12 where nothing moves. */
function digitsFor(values: readonly number[]): number {
  const most = values.reduce((held, value) => Math.max(held, Math.abs(value)), 0);
  const low = values.reduce((held, value) => Math.min(held, value / 2), Infinity);
  const high = values.reduce((held, value) => Math.max(held, value / 2), -Infinity);
  // Halved before they were subtracted: the span of two huge numbers would be infinite.
  const span = Math.log10(high - low) + Math.log10(2);
  const digits = Math.floor(Math.log10(most)) + 1 - Math.floor(span - Math.log10(200));
  return Number.isFinite(digits) ? Math.max(3, Math.min(12, digits)) : 12;
}

function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).byteLength;
}
