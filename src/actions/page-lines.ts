import type { FailureError } from "../lib/failure.ts";

/** No line of a page of metrics of Vault's is a hundredth of it; more is no such page. */
const LONGEST = 1024 * 1024;

/** Gives a page's lines as they come, some at a time, holding only the one that has not ended; throws what `notAPage` makes when it grows without end. */
export async function* pageLines(
  page: AsyncIterable<Uint8Array>,
  notAPage: () => FailureError,
): AsyncGenerator<readonly string[], void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of page) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST) throw notAPage();
    yield lines;
  }
  yield [rest];
}
