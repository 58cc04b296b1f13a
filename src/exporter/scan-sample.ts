import { isUtf8 } from "node:buffer";
import {
  ASCII,
  blanksEnd,
  byteAt,
  bytesAre,
  digitsEnd,
  LABEL_NAME,
  METRIC_NAME,
  sameBytes,
  tokenEnd,
  wordEnd,
  wordRestEnd,
} from "./ascii.ts";
import { isNumber } from "./scan-number.ts";

/** More labels than any metric of Vault's has. */
const MAX_LABELS = 64;

/** More digits do not surely fit the 64 bits that Prometheus reads. */
const MAX_TIMESTAMP_DIGITS = 18;

const OFFSETS = 4;
const NAME_LABEL = Buffer.from("__name__");

/**
 * SampleShape tells where the parts of a sample's line are, as offsets into its bytes. One shape serves line after line, so that a page of
 * a million lines leaves no garbage.
 */
export type SampleShape = {
  nameFrom: number;
  nameTo: number;
  /** What is between the braces; both ends are equal when there are no labels. */
  labelsFrom: number;
  labelsTo: number;
  labelCount: number;
  /** Four offsets a label: begin and end of its name, begin and end of its value between the quotes. */
  readonly labels: Int32Array;
  valueFrom: number;
  valueTo: number;
  /** Behind the timestamp, or behind the value when there is none. */
  to: number;
  /** Where the next line begins. */
  next: number;
};

/** Creates a shape for `scanSample` to fill. */
export function createSampleShape(): SampleShape {
  const labels = new Int32Array(MAX_LABELS * OFFSETS);
  return {
    nameFrom: 0,
    nameTo: 0,
    labelsFrom: 0,
    labelsTo: 0,
    labelCount: 0,
    labels,
    valueFrom: 0,
    valueTo: 0,
    to: 0,
    next: 0,
  };
}

/**
 * Scans a sample's line up to its line feed, or to the end, and fills the shape. False for whatever Prometheus would refuse, because one
 * such line costs it the whole page; and for names in quotes and more than 64 labels, which Vault never writes.
 * What is in front of `known` is known to be a name, or the begin of one.
 */
export function scanSample(bytes: Buffer, from: number, shape: SampleShape, known = from): boolean {
  shape.nameFrom = from;
  shape.nameTo = known === from ? wordEnd(bytes, from, METRIC_NAME) : wordRestEnd(bytes, known, METRIC_NAME);
  if (shape.nameTo === from) return false;
  const next = blanksEnd(bytes, shape.nameTo);
  const value = byteAt(bytes, next) === ASCII.open ? scanLabels(bytes, next + 1, shape) : scanNoLabels(shape);
  return value !== -1 && scanValue(bytes, value, shape) && scanTimestamp(bytes, shape);
}

/** Tells whether the label of this index has this name. */
export function labelIs(bytes: Buffer, { labels }: SampleShape, index: number, name: Buffer): boolean {
  return bytesAre(bytes, labels[index * OFFSETS] ?? 0, labels[index * OFFSETS + 1] ?? 0, name);
}

/** Tells whether the label of this index has an empty value. */
export function isLabelEmpty({ labels }: SampleShape, index: number): boolean {
  return labels[index * OFFSETS + 2] === labels[index * OFFSETS + 3];
}

/** Gives the offsets of a label: begin and end of its name, begin and end of its value. */
export function labelOffsets({ labels }: SampleShape, index: number): readonly [number, number, number, number] {
  const [nameFrom = 0, nameTo = 0, valueFrom = 0, valueTo = 0] = labels.subarray(index * OFFSETS);
  return [nameFrom, nameTo, valueFrom, valueTo];
}

function scanNoLabels(shape: SampleShape): number {
  shape.labelsFrom = shape.nameTo;
  shape.labelsTo = shape.nameTo;
  shape.labelCount = 0;
  return shape.nameTo;
}

/** Scans labels; gives the offset behind the closing brace, or -1. */
function scanLabels(bytes: Buffer, from: number, shape: SampleShape): number {
  shape.labelsFrom = from;
  shape.labelCount = 0;
  let at = blanksEnd(bytes, from);
  while (byteAt(bytes, at) !== ASCII.close) {
    at = shape.labelCount === MAX_LABELS ? -1 : scanLabel(bytes, at, shape);
    if (at === -1) return -1;
    if (byteAt(bytes, at) === ASCII.comma) at = blanksEnd(bytes, at + 1);
    else if (byteAt(bytes, at) !== ASCII.close) return -1;
  }
  shape.labelsTo = at;
  return hasRepeatedLabel(bytes, shape) ? -1 : at + 1;
}

/** Scans `name="value"`; gives the offset of what comes behind it and its blanks, or -1. */
function scanLabel(bytes: Buffer, from: number, shape: SampleShape): number {
  const nameTo = wordEnd(bytes, from, LABEL_NAME);
  const equals = blanksEnd(bytes, nameTo);
  const quote = blanksEnd(bytes, equals + 1);
  if (nameTo === from || byteAt(bytes, equals) !== ASCII.equals || byteAt(bytes, quote) !== ASCII.quote) return -1;
  const valueTo = quotedEnd(bytes, quote + 1);
  if (valueTo === -1) return -1;
  const offset = shape.labelCount * OFFSETS;
  shape.labels[offset] = from;
  shape.labels[offset + 1] = nameTo;
  shape.labels[offset + 2] = quote + 1;
  shape.labels[offset + 3] = valueTo;
  shape.labelCount += 1;
  return blanksEnd(bytes, valueTo + 1);
}

/** Finds the quote that ends a label's value; -1 when there is none, or when what is before it is no text. */
function quotedEnd(bytes: Buffer, from: number): number {
  let at = from;
  let every = 0;
  for (let byte = byteAt(bytes, at); byte !== ASCII.quote; byte = byteAt(bytes, at)) {
    if (byte === ASCII.lineFeed || byte === 0) return -1;
    if (byte === ASCII.backslash && !isEscapable(byteAt(bytes, ++at))) return -1;
    every |= byte;
    at += 1;
  }
  return every < 0x80 || isUtf8(bytes.subarray(from, at)) ? at : -1;
}

function isEscapable(byte: number): boolean {
  return byte === ASCII.backslash || byte === ASCII.quote || byte === ASCII.lowerN;
}

/** Prometheus takes a label's name twice, or a name beside the name, as a reason to give up the whole page. */
function hasRepeatedLabel(bytes: Buffer, shape: SampleShape): boolean {
  for (let one = 0; one < shape.labelCount; one += 1) {
    if (labelIs(bytes, shape, one, NAME_LABEL)) return true;
    for (let other = 0; other < one; other += 1) if (haveSameName(bytes, shape, one, other)) return true;
  }
  return false;
}

function haveSameName(bytes: Buffer, { labels }: SampleShape, one: number, other: number): boolean {
  const from = labels[one * OFFSETS] ?? 0;
  const length = (labels[one * OFFSETS + 1] ?? 0) - from;
  const otherFrom = labels[other * OFFSETS] ?? 0;
  return (
    (labels[other * OFFSETS + 1] ?? 0) - otherFrom === length &&
    sameBytes(bytes, from, { bytes, from: otherFrom }, length)
  );
}

/** Scans the value, which a blank parts from what is in front of it. */
function scanValue(bytes: Buffer, from: number, shape: SampleShape): boolean {
  shape.valueFrom = blanksEnd(bytes, from);
  shape.valueTo = tokenEnd(bytes, shape.valueFrom);
  shape.to = shape.valueTo;
  return shape.valueFrom > from && isNumber(bytes, shape.valueFrom, shape.valueTo);
}

/** Scans a timestamp, should there be one, and whatever else comes before the end of the line. */
function scanTimestamp(bytes: Buffer, shape: SampleShape): boolean {
  const from = blanksEnd(bytes, shape.valueTo);
  if (scanLineEnd(bytes, from, shape)) return true;
  const digits = byteAt(bytes, from) === ASCII.minus ? from + 1 : from;
  shape.to = digitsEnd(bytes, digits);
  const length = shape.to - digits;
  return length > 0 && length <= MAX_TIMESTAMP_DIGITS && scanLineEnd(bytes, blanksEnd(bytes, shape.to), shape);
}

function scanLineEnd(bytes: Buffer, at: number, shape: SampleShape): boolean {
  const byte = byteAt(bytes, at);
  const end = byte === ASCII.carriageReturn ? at + 1 : byte === ASCII.hash ? exemplarEnd(bytes, at) : at;
  shape.next = end + 1;
  return byteAt(bytes, end) === ASCII.lineFeed;
}

/** An exemplar (`# {…}`) is no part of what we show, so it is not looked at. */
function exemplarEnd(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(ASCII.lineFeed, from);
  return end === -1 ? bytes.length : end;
}
