import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { wholeLines } from "../../../src/exporter/passthrough/whole-lines.ts";
import { inPieces } from "./merge.ts";

async function linesOf(text: string, size: number): Promise<{ blocks: readonly string[]; tooLong: number }> {
  let tooLong = 0;
  const blocks: string[] = [];
  for await (const block of wholeLines(inPieces(text, size), () => (tooLong += 1))) blocks.push(block.toString());
  return { blocks, tooLong };
}

const rest = "b\n".repeat(5000);

describe("wholeLines", () => {
  it("gives all lines that have an end, in blocks of whole lines, wherever the pieces end", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom("a", "b", "\n") }),
        fc.integer({ min: 1, max: 9 }),
        async (text, size) => {
          const { blocks } = await linesOf(text, size);

          expect(blocks.join("")).toBe(text.slice(0, text.lastIndexOf("\n") + 1));
          for (const block of blocks) expect(block).toMatch(/\n$/u);
        },
      ),
    );
  });

  it.each([1000, 65_536, 200_000])(
    "leaves out a line that is too long, and no other, in pieces of %d bytes",
    async (size) => {
      const { blocks, tooLong } = await linesOf(`a\n${"x".repeat(300_000)}\n${rest}`, size);

      expect(blocks.join("")).toBe(`a\n${rest}`);
      expect(tooLong).toBe(1);
    },
  );
});
