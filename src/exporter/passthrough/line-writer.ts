import type { SampleShape } from "../scan-sample.ts";
import { exportedLabels, hasOwnLabel, ownLabels } from "./own-labels.ts";
import type { PageWriter } from "./page-writer.ts";

/** Writes a sample's line, with a prefix in front of its name and with our labels. */
export type LineWriter = (writer: PageWriter, prefix: Buffer, bytes: Buffer, shape: SampleShape) => void;

/** Creates the writer of a node's lines. */
export function createLineWriter(cluster: string, node: string): LineWriter {
  const own = ownLabels(cluster, node);
  const [onlyOwn, ownFirst] = [Buffer.from(`${own}}`), Buffer.from(`${own},`)];
  return (writer, prefix, bytes, shape) => {
    // All but one line in a million goes on behind our labels as it is.
    const asItIs = shape.next === shape.to + 1 && !hasOwnLabel(bytes, shape);
    const rest = asItIs ? bytes : writtenAnew(bytes, shape);
    const [from, to] = asItIs ? [restFrom(shape), shape.next] : [0, rest.length];
    writer.beginLine(prefix.length + shape.nameTo - shape.nameFrom + ownFirst.length + to - from);
    writer.write(prefix);
    writer.write(bytes, shape.nameFrom, shape.nameTo);
    writer.write(shape.labelCount === 0 ? onlyOwn : ownFirst);
    writer.write(rest, from, to);
  };
}

/** Where a line goes on behind our labels: with its own, or behind its braces, or behind its name when it has none. */
function restFrom({ labelCount, labelsFrom, labelsTo, nameTo }: SampleShape): number {
  if (labelCount > 0) return labelsFrom;
  return labelsTo === nameTo ? nameTo : labelsTo + 1;
}

/** Writes what comes behind our labels without what does not belong on the page: an exemplar, blanks, a label that is called as ours. */
function writtenAnew(bytes: Buffer, shape: SampleShape): Buffer {
  const labels = shape.labelCount === 0 ? "" : `${exportedLabels(bytes, shape)}}`;
  return Buffer.from(`${labels} ${bytes.toString("latin1", shape.valueFrom, shape.to)}\n`, "latin1");
}
