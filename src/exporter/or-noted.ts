import { toFailure } from "../lib/failure.ts";
import type { CollectContext } from "./collector.ts";

/** Waits for one part of a collector's work; a failure is noted and gives undefined, so that the other parts still count. */
export async function orNoted<T>({ note }: Pick<CollectContext, "note">, part: Promise<T>): Promise<T | undefined> {
  try {
    return await part;
  } catch (error) {
    note(toFailure(error));
    return undefined;
  }
}
