import type { NativeCapture } from "../native-capture.ts";
import { createTally, type DropReason, type Tally } from "./drop-reason.ts";
import { createLineWriter } from "./line-writer.ts";
import type { PageFamily } from "./page-family.ts";
import { PageReader, type TakeSample } from "./page-reader.ts";
import type { PageWriter } from "./page-writer.ts";
import { createSampleRules } from "./sample-rules.ts";

/** What is known of a node whose page is read. */
export type NodePageOptions = {
  readonly cluster: string;
  readonly node: string;
  readonly body: AsyncIterable<Uint8Array>;
  /** By its own word, asked without a token, and not by its metrics: an old leader's still say what it was. */
  readonly active: boolean;
  readonly unsealed: boolean;
  /** Sees every sample, also those that are not shown. */
  readonly capture?: NativeCapture | undefined;
};

/** NodePage is a node's page, and what becomes of each of its samples. */
export type NodePage = {
  readonly reader: PageReader;
  readonly tally: Tally;
  readonly active: boolean;
  /** Gives what writes a family's samples, with a prefix in front of their names. */
  readonly write: (family: PageFamily, prefix: Buffer, writer: PageWriter) => TakeSample;
  /** Gives what counts a family's samples as left out. */
  readonly drop: (family: PageFamily, reason: DropReason) => TakeSample;
};

/** Creates the page of a node; nothing is read before its reader is asked. */
export function createNodePage(options: NodePageOptions): NodePage {
  const { cluster, node, active, capture } = options;
  const tally = createTally();
  const count = (reason: DropReason): void => {
    tally.dropped[reason] += 1;
  };
  const rulesFor = createSampleRules(options);
  const writeLine = createLineWriter(cluster, node);
  return {
    reader: new PageReader(options.body, count),
    tally,
    active,
    drop: (family, reason) => both(capture?.of(family), () => count(reason)),
    write: (family, prefix, writer) => {
      const whyNot = rulesFor(family.name);
      return both(capture?.of(family), (bytes, shape) => {
        const reason = whyNot(bytes, shape);
        if (reason !== undefined) return count(reason);
        tally.samples += 1;
        writeLine(writer, prefix, bytes, shape);
      });
    },
  };
}

function both(first: TakeSample | undefined, second: TakeSample): TakeSample {
  if (first === undefined) return second;
  return (bytes, shape) => {
    first(bytes, shape);
    second(bytes, shape);
  };
}
