import { createSampleShape, labelOffsets, scanSample, type SampleShape } from "./scan-sample.ts";

/** One line of a Prometheus text page. */
export type ExpositionSample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/** Reads one line; undefined for a comment, for what is no sample, and for NaN, which says that nothing was measured. Never throws. */
export function parseSample(line: string): ExpositionSample | undefined {
  const bytes = Buffer.from(line);
  const shape = createSampleShape();
  return scanSample(bytes, 0, shape) ? sampleOf(bytes, shape) : undefined;
}

/** Gives a scanned line as values; undefined for NaN. */
export function sampleOf(bytes: Buffer, shape: SampleShape): ExpositionSample | undefined {
  const value = toNumber(bytes.toString("latin1", shape.valueFrom, shape.valueTo));
  if (Number.isNaN(value)) return undefined;
  const name = bytes.toString("latin1", shape.nameFrom, shape.nameTo);
  return { name, labels: Object.fromEntries(labelsOf(bytes, shape)), value };
}

/** Gives the labels of a scanned line, in its order. */
export function labelsOf(bytes: Buffer, shape: SampleShape): readonly (readonly [name: string, value: string])[] {
  return Array.from({ length: shape.labelCount }, (_label, index) => {
    const [nameFrom, nameTo, valueFrom, valueTo] = labelOffsets(shape, index);
    return [bytes.toString("latin1", nameFrom, nameTo), unescaped(bytes.toString("utf8", valueFrom, valueTo))];
  });
}

/** Prometheus writes infinities as Go does. */
function toNumber(text: string): number {
  const infinity = /^(?<sign>[+-]?)inf(?:inity)?$/iu.exec(text)?.groups;
  return infinity === undefined ? Number(text) : infinity["sign"] === "-" ? -Infinity : Infinity;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(?<escaped>.)/gsu, (_whole, escaped: string) => (escaped === "n" ? "\n" : escaped));
}
