/** What Go writes for "never". */
const ZERO_YEAR = "0001-";

/**
 * Reads a time as Go prints it (RFC 3339, down to nanoseconds) as Unix seconds, whole milliseconds kept; gives undefined for Go's zero time
 * and for anything else.
 */
export function parseGoTime(text: string): number | undefined {
  const milliseconds = text.startsWith(ZERO_YEAR) ? Number.NaN : Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
