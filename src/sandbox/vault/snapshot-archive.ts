import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

const BLOCK = 512;

/** Packs a raft snapshot as a server does: gzip around tar, with the sums, and the seal's part last. Its state is made up. */
export function snapshotArchive(index: number): Buffer {
  const state = Buffer.from(`state of a simulated cluster up to ${index}`);
  const meta = Buffer.from(
    JSON.stringify({ Version: 1, ID: "bolt-snapshot", Index: index, Term: 2, Size: state.length }),
  );
  const sums = Buffer.from(`${sum(meta)}  meta.json\n${sum(state)}  state.bin\n`);
  const parts = [
    ...part("meta.json", meta),
    ...part("state.bin", state),
    ...part("SHA256SUMS", sums),
    ...part("SHA256SUMS.sealed", Buffer.from("sealed")),
  ];
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]));
}

function part(name: string, content: Buffer): readonly Buffer[] {
  return [head(name, content.length), content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)];
}

/** The sum counts its own eight bytes as spaces. */
function head(name: string, size: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  header.write("0000600\0", 100);
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  header.write("        0", 148);
  header.write("ustar\0", 257);
  const total = header.reduce((all, byte) => all + byte, 0);
  header.write(`${total.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

function sum(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
