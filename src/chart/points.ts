import type { Timestamp } from "../lib/clock.ts";

/** Values over time, in order, all finite. */
export type Points = readonly (readonly [at: Timestamp, value: number])[];

/** Keeps at most `most` points: of neighbours the lowest and the highest, so that no peak is lost. */
export function thinOut(points: Points, most: number): Points {
  if (points.length <= most) return points;
  const buckets = Math.floor(most / 2);
  return Array.from({ length: buckets }, (_, bucket) => {
    const from = Math.floor((bucket * points.length) / buckets);
    return extremes(points.slice(from, Math.floor(((bucket + 1) * points.length) / buckets)));
  }).flat();
}

function extremes(points: Points): Points {
  const [first] = points;
  if (first === undefined) return [];
  const least = points.reduce((held, point) => (point[1] < held[1] ? point : held), first);
  const most = points.reduce((held, point) => (point[1] > held[1] ? point : held), first);
  if (least === most) return [first];
  return least[0] <= most[0] ? [least, most] : [most, least];
}

/**
 * Breaks a line where values are missing: only where the others stand at even distances, as Prometheus' do. What was measured now and then
 * has no gaps, only distances.
 */
export function breakAtGaps(points: Points): readonly (readonly [at: Timestamp, value: number | undefined])[] {
  const step = evenStep(points);
  if (step === undefined) return points;
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    if (before === undefined || point[0] - before[0] < step * 1.5) return [point];
    return [[before[0] + step, undefined] as const, point];
  });
}

/** The distance of which all distances are multiples, within a twentieth; undefined when there is none or too few points tell. */
function evenStep(points: Points): number | undefined {
  if (points.length < 4) return undefined;
  const distances = points.slice(1).map(([at], index) => at - (points[index]?.[0] ?? at));
  const step = distances.reduce((least, distance) => Math.min(least, distance), Infinity);
  const even = (distance: number): boolean => Math.abs(distance / step - Math.round(distance / step)) < 0.05;
  return step > 0 && distances.every(even) ? step : undefined;
}
