import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** One file of an archive. */
export type Part = { readonly name: string; readonly content: Buffer };

/** The parts of a whole raft snapshot, which a test may spoil before they are packed. */
export function snapshotParts(state = Buffer.from("state of a cluster"), index = 41): Part[] {
  const meta = Buffer.from(
    JSON.stringify({ Version: 1, ID: "bolt-snapshot", Index: index, Term: 2, Size: state.length }),
  );
  return [
    { name: "meta.json", content: meta },
    { name: "state.bin", content: state },
    { name: "SHA256SUMS", content: Buffer.from(`${sum(meta)}  meta.json\n${sum(state)}  state.bin\n`) },
    { name: "SHA256SUMS.sealed", content: Buffer.from("written by the seal") },
  ];
}

/** Packs parts as the server does: tar in gzip. */
export function packSnapshot(parts: readonly Part[]): Buffer {
  return gzipSync(tar(parts));
}

/** Packs parts as tar, with the two empty blocks at its end. */
export function tar(parts: readonly Part[]): Buffer {
  return Buffer.concat([
    ...parts.flatMap(({ name, content }) => [head(name, content.length), padded(content)]),
    Buffer.alloc(1024),
  ]);
}

/** One tar header; `size` as octal digits, or any twelve bytes. */
export function head(name: string, size: number | Buffer, type = "0"): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000600\0", 100);
  if (typeof size === "number") header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  else size.copy(header, 124);
  header.write(type, 156);
  header.write("ustar\0", 257);
  header.write("        ", 148);
  const total = header.reduce((all, byte) => all + byte, 0);
  header.write(`${total.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** Content with zeros behind it up to a whole block. */
export function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** A buffer in pieces of so many bytes. */
export async function* inPieces(content: Buffer, bytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += bytes) yield await Promise.resolve(content.subarray(at, at + bytes));
}

function sum(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
