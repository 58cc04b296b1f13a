import { toFailure, type Failure } from "../../lib/failure.ts";
import { ASCII, blanksEnd, byteAt } from "../ascii.ts";
import { createSampleShape, scanSample } from "../scan-sample.ts";
import type { SampleShape } from "../scan-sample.ts";
import { beginsWithName, declare, hasSuffixOf, undeclaredFamily, type PageFamily } from "./page-family.ts";
import { wholeLines } from "./whole-lines.ts";

/** Why a line of a page is not a sample that can be shown. */
export type Unreadable = "invalid" | "out-of-order";

/** Takes one sample: its line's bytes and where in them its parts are; both are the reader's own and change afterwards. */
export type TakeSample = (bytes: Buffer, shape: SampleShape) => void;

/**
 * PageReader goes through a node's page of metrics, family by family and in the order of their names, holding one piece of it. Vault's pages
 * are in that order (client_golang sorts them); a family that comes too late is left out, because its place on the merged page is gone.
 */
export class PageReader {
  /** The family whose samples come next; undefined at the end, and before the first `fill`. */
  family: PageFamily | undefined;
  /** Whether only `fill` can say what comes next. */
  starving = true;
  /** Whether the page was read to its end, or to where it broke off. */
  ended = false;
  /** Why the page broke off. */
  failure: Failure | undefined;

  readonly #blocks: AsyncGenerator<Buffer>;
  readonly #unreadable: (why: Unreadable) => void;
  readonly #shape = createSampleShape();
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #declared: PageFamily | undefined;

  constructor(body: AsyncIterable<Uint8Array>, unreadable: (why: Unreadable) => void) {
    this.#unreadable = unreadable;
    this.#blocks = wholeLines(body, () => unreadable("invalid"));
  }

  /** Waits for more of the page; never throws. */
  async fill(): Promise<void> {
    try {
      const next = await this.#blocks.next();
      if (next.done === true) return this.#end();
      this.#bytes = next.value;
      this.#at = 0;
      this.#seek();
    } catch (error) {
      this.failure = toFailure(error);
      this.#end();
    }
  }

  /** Takes the family's samples as far as they are at hand: afterwards another family comes next, or the reader is starving. */
  take(each: TakeSample): void {
    const { family } = this;
    while (!this.starving && this.family === family) {
      each(this.#bytes, this.#shape);
      this.#seek();
    }
  }

  /** Ends the call, should it still go on; whatever was not read is lost. */
  async close(): Promise<void> {
    try {
      await this.#blocks.return(undefined);
    } catch {
      // It broke off, which nobody wants to know any more.
    }
  }

  #end(): void {
    this.ended = true;
    this.family = undefined;
    this.starving = false;
  }

  /** Moves to the next sample in the piece at hand. */
  #seek(): void {
    this.starving = true;
    while (this.starving && this.#at < this.#bytes.length) {
      // Nearly every name is that of the family, or that of the family declared last, and so need not be scanned.
      const expected = this.#expected();
      const known = expected === undefined ? this.#at : this.#at + expected.name.length;
      if (scanSample(this.#bytes, this.#at, this.#shape, known)) {
        this.#at = this.#shape.next;
        this.starving = !this.#isInOrder(expected);
      } else this.#passLine();
    }
  }

  #expected(): PageFamily | undefined {
    const { family } = this;
    if (this.#declared !== undefined && beginsWithName(this.#bytes, this.#at, this.#declared)) return this.#declared;
    return family !== undefined && beginsWithName(this.#bytes, this.#at, family) ? family : undefined;
  }

  /** Goes behind a line that is no sample: a comment may declare what comes next. */
  #passLine(): void {
    const from = this.#at;
    const bytes = this.#bytes;
    const to = bytes.indexOf(ASCII.lineFeed, from);
    this.#at = to + 1;
    if (byteAt(bytes, from) === ASCII.hash) this.#declared = declare(this.#declared, { bytes, from, to });
    else if (!isEmpty(bytes, from, to)) this.#unreadable("invalid");
  }

  #isInOrder(expected: PageFamily | undefined): boolean {
    const bytes = this.#bytes;
    const current = this.family;
    const isExpected = expected !== undefined && hasSuffixOf(bytes, this.#shape, expected);
    const family = isExpected ? expected : undeclaredFamily(bytes, this.#shape);
    if (family === current) return true;
    if (current === undefined || family.name > current.name) {
      this.family = family;
      return true;
    }
    // The same name again: declared once more, or never.
    if (family.name === current.name && hasSuffixOf(bytes, this.#shape, current)) return true;
    this.#unreadable("out-of-order");
    return false;
  }
}

function isEmpty(bytes: Buffer, from: number, to: number): boolean {
  const at = blanksEnd(bytes, from);
  return at === to || (byteAt(bytes, at) === ASCII.carriageReturn && at + 1 === to);
}
