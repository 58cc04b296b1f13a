import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { toFailure } from "../../lib/failure.ts";
import { findSecret } from "../../lib/redact.ts";
import { EXIT } from "../io.ts";
import { askRun, refused, type RunTerminal } from "./start-run.ts";

/** Text of at most this many bytes is kept with its digest; of anything longer only the digest. */
export const KEPT_BYTES = 16 * 1024;

const LONGEST_NAME = 200;

/** A file as evidence: what it is called, its digest and size, and its text when it is short. */
export type FileEvidence = {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly text: string | undefined;
};

/** Reads a file as evidence, or says why it cannot be attached; what looks like a secret is named by its kind and never repeated. */
export async function readEvidence(
  path: string,
  name = basename(path),
): Promise<FileEvidence | { readonly why: string; readonly code: "secret" | "inputs" }> {
  if (name === "" || name.length > LONGEST_NAME)
    return { why: `a name of 1 to ${LONGEST_NAME} characters is wanted (--name)`, code: "inputs" };
  try {
    if (!(await stat(path)).isFile()) return { why: `cannot attach ${path}: it is no file`, code: "inputs" };
    const { head, ...digest } = await digestFile(path);
    const text = digest.bytes > KEPT_BYTES ? undefined : textOf(head);
    const kind = findSecret(name) ?? findSecret(text ?? "");
    if (kind !== undefined) return { why: secretText(kind), code: "secret" };
    return { name, ...digest, text };
  } catch (error) {
    return { why: `cannot attach ${path}: ${toFailure(error).message}`, code: "inputs" };
  }
}

/** Attaches a file to a run as evidence. */
export async function attachFile(
  terminal: RunTerminal,
  runId: string,
  { path, name, json }: { readonly path: string; readonly name: string | undefined; readonly json: boolean },
): Promise<number> {
  const evidence = await readEvidence(path, name);
  if ("why" in evidence) {
    refused(terminal.io, evidence, json);
    return EXIT.badInput;
  }
  const kept = evidence.text === undefined ? "its digest" : "its digest and its text";
  terminal.io.err(`${evidence.name}: ${evidence.bytes} bytes, sha256:${evidence.sha256}; kept: ${kept}`);
  return await askRun(terminal, runId, (_run, by) => ({ type: "attach", runId, by, ...evidence }), json);
}

/** Large files are only hashed, a piece at a time. */
async function digestFile(path: string): Promise<{ sha256: string; bytes: number; head: Buffer }> {
  const hash = createHash("sha256");
  const head: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    const piece = chunk as Buffer;
    hash.update(piece);
    if (bytes <= KEPT_BYTES) head.push(piece);
    bytes += piece.length;
  }
  return { sha256: hash.digest("hex"), bytes, head: Buffer.concat(head) };
}

/** What is no UTF-8, or holds a zero byte, is no text that anybody reads. */
function textOf(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\u0000") ? undefined : text;
  } catch {
    return undefined;
  }
}

function secretText(kind: string): string {
  const sha = kind === "key share" ? "; a bare SHA-256 has the same form: write it as sha256:…" : "";
  return `this looks like a ${kind}: nothing was stored; attach a copy without it, and rotate it if others could read it${sha}`;
}
