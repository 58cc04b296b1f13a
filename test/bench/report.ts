/** Measured is how one side of a comparison did: milliseconds of each round, and the most memory that its process had. */
export type Measured = { readonly rounds: readonly number[]; readonly rssMb: number };

/** A comparison of ours with the floor: the least that anybody could do for the same result. */
export type Comparison = {
  readonly what: string;
  /** How many times the floor's time ours may take; undefined when only the ratio is to be known. */
  readonly target?: number;
  readonly floor: Measured;
  readonly ours: Measured;
};

/** Writes one comparison as a line: the ratio of the medians, its target, both medians and both peaks of memory. */
export function report({ what, target, floor, ours }: Comparison): string {
  const ratio = median(ours.rounds) / median(floor.rounds);
  const verdict = target === undefined ? "" : ` (target <= ${target}: ${ratio <= target ? "met" : "MISSED"})`;
  return `${what}: ${ratio.toFixed(2)} x${verdict}; floor ${figures(floor)}, ours ${figures(ours)}`;
}

/** The middle one of some numbers. */
export function median(numbers: readonly number[]): number {
  return [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function figures({ rounds, rssMb }: Measured): string {
  return `${Math.round(median(rounds))} ms and ${Math.round(rssMb)} MB RSS`;
}
