import { FailureError } from "../lib/failure.ts";

/** A list that a step gives as text, because `with` holds texts, numbers and truths only. */
export type TextList = {
  /** The check that reads it, and the input, for the error. */
  readonly check: string;
  readonly input: string;
  readonly text: string;
  readonly most: number;
};

/** Reads "one, two" or lines as a list without repeats; throws reason `refused` when it is empty or longer than `most`. */
export function readTextList({ check, input, text, most }: TextList): readonly string[] {
  const items = [...new Set(text.split(/[\s,]+/u).filter((item) => item !== ""))];
  if (items.length > 0 && items.length <= most) return items;
  throw new FailureError({
    reason: "refused",
    retryable: false,
    message: `cannot begin ${check}: "${input}" names ${items.length} and not 1 to ${most}; write them with commas between`,
  });
}
