import { createHash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "@jest/globals";
import { readSnapshot } from "../../src/backup/read-snapshot.ts";
import { head, inPieces, packSnapshot, padded, snapshotParts, tar, type Part } from "./make-snapshot.ts";

const { signal } = new AbortController();

describe("readSnapshot", () => {
  it.each([1, 7, 511, 512, 65_536])("reads a whole snapshot that comes in pieces of %d bytes", async (bytes) => {
    const file = packSnapshot(snapshotParts());
    expect(await readSnapshot(inPieces(file, bytes), { signal })).toEqual({
      index: 41,
      stateBytes: 18,
      bytes: file.length,
      sha256: createHash("sha256").update(file).digest("hex"),
    });
  });

  it("hands every piece on before it goes on, and nothing else", async () => {
    const file = packSnapshot(snapshotParts());
    const kept: Uint8Array[] = [];
    await readSnapshot(inPieces(file, 10), { signal, keep: async (piece) => void kept.push(piece) });
    expect(Buffer.concat(kept).equals(file)).toBe(true);
  });

  it("reads the attributes and the binary size with which tar says more than 8 GiB", async () => {
    const [meta, state, ...rest] = snapshotParts() as [Part, Part, ...Part[]];
    const binary = Buffer.alloc(12);
    binary[0] = 0x80;
    binary.writeUInt32BE(state.content.length, 8);
    const attributes = Buffer.from("11 size=18\n");
    const withBinary = [tarOf([meta]), head(state.name, binary), padded(state.content), tar(rest)];
    const withAttributes = [
      tarOf([meta]),
      head("PaxHeaders.0/state.bin", attributes.length, "x"),
      padded(attributes),
      head(state.name, 0),
      padded(state.content),
      tar(rest),
    ];
    for (const archive of [withBinary, withAttributes]) {
      const file = gzipSync(Buffer.concat(archive));
      expect(await readSnapshot(inPieces(file, 100), { signal })).toMatchObject({ index: 41, stateBytes: 18 });
    }
  });

  const whole = packSnapshot(snapshotParts());
  const spoiled: readonly { readonly name: string; readonly file: Buffer; readonly why: string }[] = [
    { name: "is empty", file: Buffer.alloc(0), why: "gzip" },
    { name: "is cut off in its gzip", file: whole.subarray(0, -9), why: "cut off or broken" },
    { name: "lacks the last byte", file: whole.subarray(0, -1), why: "cut off or broken" },
    { name: "has a byte behind it", file: Buffer.concat([whole, Buffer.from([7])]), why: "gzip" },
    { name: "has a zero behind it", file: Buffer.concat([whole, Buffer.from([0])]), why: "behind the end of its gzip" },
    { name: "is a page of a proxy", file: Buffer.from("<html>502</html>"), why: "gzip" },
    { name: "has a flipped bit", file: flipped(whole), why: "cut off or broken" },
    {
      name: "was ended before the seal, in good order",
      file: packSnapshot(snapshotParts().slice(0, 3)),
      why: "SHA256SUMS.sealed is missing",
    },
    { name: "has an empty seal", file: packSnapshot(changed("SHA256SUMS.sealed", "")), why: "sealed is empty" },
    {
      name: "has another state than its sums",
      file: packSnapshot(changed("state.bin", "state of a clustEr")),
      why: "state.bin does not have the sum",
    },
    {
      name: "has another index than its sums",
      file: packSnapshot(changed("meta.json", '{"Index":42,"Size":18}')),
      why: "meta.json does not have the sum",
    },
    { name: "has no sum for its state", file: packSnapshot(changed("SHA256SUMS", "")), why: "does not have the sum" },
    {
      name: "has a part too many",
      file: packSnapshot([...snapshotParts(), { name: "extra", content: Buffer.from("x") }]),
      why: "part 5 is not the end",
    },
    {
      name: "has its parts in another order",
      file: packSnapshot(snapshotParts().toReversed()),
      why: "part 1 is not meta.json",
    },
    {
      name: "has an endless small part",
      file: packSnapshot(changed("meta.json", "x".repeat(20_000))),
      why: "meta.json is too long",
    },
    { name: "holds nothing", file: packSnapshot(snapshotParts(Buffer.alloc(0))), why: "state.bin is empty" },
    {
      name: "ends in the middle of a part",
      file: gzipSync(tar(snapshotParts()).subarray(0, 600)),
      why: "it ends too early",
    },
    { name: "has a broken head", file: gzipSync(Buffer.alloc(1024, "A")), why: "head is broken" },
    {
      name: "has a link for a part",
      file: gzipSync(Buffer.concat([head("meta.json", 0, "2"), Buffer.alloc(1024)])),
      why: "no type of a member",
    },
    {
      name: "has something behind the end of its tar",
      file: gzipSync(Buffer.concat([tar(snapshotParts()), Buffer.from("more")])),
      why: "behind its end",
    },
  ];

  it.each(spoiled)("finds a file not whole that $name", async ({ file, why }) => {
    await expect(readSnapshot(inPieces(file, 100), { signal })).rejects.toMatchObject({
      name: "NotWhole",
      message: expect.stringContaining(why),
    });
  });

  it("never takes a file that is cut off anywhere for a whole one", async () => {
    for (let length = 0; length < whole.length; length++)
      await expect(readSnapshot(inPieces(whole.subarray(0, length), 64), { signal })).rejects.toMatchObject({
        name: "NotWhole",
      });
  });

  it("throws what the source throws, and ends with the signal", async () => {
    const breaking = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(whole.subarray(0, 20));
      throw new Error("the server went away");
    };
    await expect(readSnapshot(breaking(), { signal })).rejects.toThrow("the server went away");
    const ended = AbortSignal.abort();
    await expect(readSnapshot(inPieces(whole, 10), { signal: ended })).rejects.toMatchObject({ name: "AbortError" });
  });

  it("holds little, however large the state is", async () => {
    const piece = Buffer.alloc(1024 * 1024, 1);
    const size = 128 * piece.length;
    const archive = async function* (): AsyncGenerator<Uint8Array> {
      const { createGzip } = await import("node:zlib");
      const { Readable } = await import("node:stream");
      const parts = function* (): Generator<Buffer> {
        yield tarOf([{ name: "meta.json", content: Buffer.from("{}") }]);
        yield head("state.bin", size);
        for (let at = 0; at < 128; at++) yield piece;
      };
      yield* Readable.from(parts()).pipe(createGzip({ level: 0 })) as AsyncIterable<Uint8Array>;
    };
    setFlagsFromString("--expose_gc");
    const collect = runInNewContext("gc") as () => void;
    const before = process.memoryUsage().arrayBuffers;
    let pieces = 0;
    let most = 0;
    const keep = async (): Promise<void> => {
      if (pieces++ % 200 !== 0) return;
      collect();
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    };
    await expect(readSnapshot(archive(), { signal, keep })).rejects.toMatchObject({ message: "it ends too early" });
    expect(pieces).toBeGreaterThan(400);
    expect(most).toBeLessThan(size / 2);
  });
});

/** Parts as tar without the end of one. */
function tarOf(parts: readonly Part[]): Buffer {
  return tar(parts).subarray(0, -1024);
}

function changed(name: string, content: string): readonly Part[] {
  return snapshotParts().map((part) => (part.name === name ? { name, content: Buffer.from(content) } : part));
}

function flipped(file: Buffer): Buffer {
  const copy = Buffer.from(file);
  copy[40] = (copy[40] ?? 0) ^ 16;
  return copy;
}
