import { ASCII, byteAt, digitsEnd, LOWER_CASE } from "./ascii.ts";

/** What Go also calls a float. */
const NO_DECIMAL = /^(?:[+-]?inf(?:inity)?|nan)$/iu;

/** No decimal of so few characters and with an exponent of so few digits is too large for a float. */
const SHORT = 300;
const SHORT_EXPONENT = 2;

/** Tells whether these bytes are a number as Prometheus reads it: a decimal that fits a float, an infinity or NaN. */
export function isNumber(bytes: Buffer, from: number, to: number): boolean {
  const unsigned = signEnd(bytes, from);
  const mantissa = mantissaEnd(bytes, unsigned);
  if (mantissa === -1) return NO_DECIMAL.test(bytes.toString("latin1", from, to));
  const exponent = exponentDigits(bytes, mantissa);
  const end = digitsEnd(bytes, exponent);
  if (end !== to || (exponent > mantissa && end === exponent)) return false;
  const short = to - from < SHORT && end - exponent <= SHORT_EXPONENT;
  return short || Number.isFinite(Number(bytes.toString("latin1", from, to)));
}

function signEnd(bytes: Buffer, from: number): number {
  const sign = byteAt(bytes, from);
  return sign === ASCII.plus || sign === ASCII.minus ? from + 1 : from;
}

/** Finds the end of digits with perhaps a dot; -1 when there is no digit. */
function mantissaEnd(bytes: Buffer, from: number): number {
  const whole = digitsEnd(bytes, from);
  if (byteAt(bytes, whole) !== ASCII.dot) return whole === from ? -1 : whole;
  const fraction = digitsEnd(bytes, whole + 1);
  return whole === from && fraction === whole + 1 ? -1 : fraction;
}

/** Finds where the digits of an exponent begin; `from` itself when there is no exponent. */
function exponentDigits(bytes: Buffer, from: number): number {
  return (byteAt(bytes, from) | LOWER_CASE) === ASCII.lowerE ? signEnd(bytes, from + 1) : from;
}
