import { ASCII, blanksEnd, byteAt, bytesAre, METRIC_NAME, sameBytes, tokenEnd, wordEnd } from "../ascii.ts";
import type { SampleShape } from "../scan-sample.ts";

/** The types of Prometheus' text format. */
export type FamilyType = "counter" | "gauge" | "summary" | "histogram" | "untyped";

/** PageFamily is a family as a node's page declares it. */
export type PageFamily = {
  readonly name: string;
  readonly type: FamilyType;
  /** Its explanation, as it is on the page. */
  readonly help: BytesRange | undefined;
  readonly nameBytes: BytesRange;
};

/** BytesRange is a part of some bytes; making one is much cheaper than making a Buffer. */
export type BytesRange = { readonly bytes: Buffer; readonly from: number; readonly to: number };

const HELP = Buffer.from("HELP");
const TYPE = Buffer.from("TYPE");

const TYPES = (["gauge", "summary", "counter", "histogram"] as const).map((type) => ({
  type,
  bytes: Buffer.from(type),
}));

const [SUM, COUNT, BUCKET] = [Buffer.from("_sum"), Buffer.from("_count"), Buffer.from("_bucket")];

/** What may be behind a family's name in the names of its samples. */
const SUFFIXES: Readonly<Record<FamilyType, readonly Buffer[]>> = {
  counter: [],
  gauge: [],
  untyped: [],
  summary: [SUM, COUNT],
  histogram: [SUM, COUNT, BUCKET],
};

/** Gives the names that a family's samples may have. */
export function sampleNames({ name, type }: Pick<PageFamily, "name" | "type">): readonly string[] {
  return [name, ...SUFFIXES[type].map((suffix) => name + suffix.toString())];
}

/** Creates the family of a sample that nobody declared. */
export function undeclaredFamily(bytes: Buffer, { nameFrom, nameTo }: SampleShape): PageFamily {
  return familyNamed({ bytes, from: nameFrom, to: nameTo });
}

/** Tells whether a family's name is here, perhaps with more behind it. */
export function beginsWithName(bytes: Buffer, from: number, { nameBytes }: PageFamily): boolean {
  return sameBytes(bytes, from, nameBytes, nameBytes.to - nameBytes.from);
}

/** Tells whether a sample whose name begins with a family's name is one of the family's. */
export function hasSuffixOf(
  bytes: Buffer,
  { nameFrom, nameTo }: SampleShape,
  { nameBytes, type }: PageFamily,
): boolean {
  const suffix = nameFrom + nameBytes.to - nameBytes.from;
  if (suffix === nameTo) return true;
  for (const known of SUFFIXES[type]) if (bytesAre(bytes, suffix, nameTo, known)) return true;
  return false;
}

/** Reads a comment: gives what is then declared, which is `before` for any comment that is neither a HELP nor a TYPE. */
export function declare(before: PageFamily | undefined, { bytes, from, to }: BytesRange): PageFamily | undefined {
  const keyword = blanksEnd(bytes, from + 1);
  const keywordTo = tokenEnd(bytes, keyword);
  const isHelp = bytesAre(bytes, keyword, keywordTo, HELP);
  if (!isHelp && !bytesAre(bytes, keyword, keywordTo, TYPE)) return before;
  const name = blanksEnd(bytes, keywordTo);
  const nameTo = wordEnd(bytes, name, METRIC_NAME);
  if (nameTo === name || byteAt(bytes, nameTo) > ASCII.space) return before;
  const family = isNamed(before, bytes, name, nameTo) ? before : familyNamed({ bytes, from: name, to: nameTo });
  const { nameBytes } = family;
  const text = blanksEnd(bytes, nameTo);
  const type = isHelp ? family.type : typeOf(bytes, text, tokenEnd(bytes, text));
  const help = isHelp ? { bytes, from: text, to: trimmedEnd(bytes, text, to) } : family.help;
  return { name: family.name, type, help, nameBytes };
}

/** Blanks and a carriage return at a line's end say nothing. */
function trimmedEnd(bytes: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && byteAt(bytes, end - 1) <= ASCII.space) end -= 1;
  return end;
}

function isNamed(family: PageFamily | undefined, bytes: Buffer, from: number, to: number): family is PageFamily {
  if (family === undefined) return false;
  const { nameBytes } = family;
  return nameBytes.to - nameBytes.from === to - from && sameBytes(bytes, from, nameBytes, to - from);
}

function familyNamed(nameBytes: BytesRange): PageFamily {
  const name = nameBytes.bytes.toString("latin1", nameBytes.from, nameBytes.to);
  return { name, type: "untyped", help: undefined, nameBytes };
}

function typeOf(bytes: Buffer, from: number, to: number): FamilyType {
  for (const known of TYPES) if (bytesAre(bytes, from, to, known.bytes)) return known.type;
  return "untyped";
}
