import { ASCII, byteAt, LOWER_CASE } from "../ascii.ts";
import { isLabelEmpty, labelIs, type SampleShape } from "../scan-sample.ts";
import type { DropReason } from "./drop-reason.ts";
import { fitsAny } from "./family-filter.ts";
import { SeriesSet } from "./series-set.ts";

/** Says why a sample is left out; undefined when it is shown. */
export type SampleRule = (bytes: Buffer, shape: SampleShape) => DropReason | undefined;

const CLUSTER = Buffer.from("cluster");

/** Differences of unsigned numbers: they go below 0 when a follower is ahead. */
const canUnderflow = fitsAny(["*_raft_storage_follower_applied_index_delta"]);

/** Creates the rules for a node's samples, family by family; an unsealed node knows its cluster's name. */
export function createSampleRules({ unsealed }: { readonly unsealed: boolean }): (family: string) => SampleRule {
  const seen = new SeriesSet();
  return (family) => {
    const mayUnderflow = canUnderflow(family);
    seen.clear();
    return (bytes, shape) => {
      if (isNotANumber(bytes, shape)) return "nan";
      if (unsealed && isFromBoot(bytes, shape)) return "boot";
      if (mayUnderflow && isUnderflow(bytes, shape)) return "underflow";
      const seriesTo = shape.labelCount === 0 ? shape.nameTo : shape.labelsTo;
      return seen.add(bytes, shape.nameFrom, seriesTo) ? undefined : "duplicate";
    };
  };
}

/** In a summary's quantile it says that nothing was measured in the last 10 s. */
function isNotANumber(bytes: Buffer, { valueFrom }: SampleShape): boolean {
  return (byteAt(bytes, valueFrom) | LOWER_CASE) === ASCII.lowerN;
}

/** An empty label `cluster` was written before the first unseal, when the node did not know its cluster's name; nothing updates it. */
function isFromBoot(bytes: Buffer, shape: SampleShape): boolean {
  for (let index = 0; index < shape.labelCount; index += 1)
    if (labelIs(bytes, shape, index, CLUSTER)) return isLabelEmpty(shape, index);
  return false;
}

/** Below 0 such a number is about 1.8e19; no index is beyond what a double holds exactly. */
function isUnderflow(bytes: Buffer, { valueFrom, valueTo }: SampleShape): boolean {
  return Number(bytes.toString("latin1", valueFrom, valueTo)) > Number.MAX_SAFE_INTEGER;
}
