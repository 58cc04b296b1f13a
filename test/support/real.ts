import { describe, jest } from "@jest/globals";
import { findBinary } from "./binaries.ts";
import type { Tool } from "./binaries.ts";

/* Servers start slowly on a busy machine; what waits inside has its own, shorter deadlines with better messages. A file's own time-out comes later and wins. */
jest.setTimeout(120_000);

/** A suite that needs real programs: runs where they are, and is shown as skipped, with the reason, where they are not. */
export function describeWith(needs: readonly Tool[], title: string, suite: () => void): void {
  const missing = needs.filter((tool) => findBinary(tool) === undefined);
  const [register, why] =
    missing.length === 0 ? [describe, ""] : [describe.skip, ` (left out: no ${missing.join(", ")})`];
  register(title + why, suite);
}
