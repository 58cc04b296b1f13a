import { createHash } from "node:crypto";
import { NotWhole } from "./not-whole.ts";
import { tarMembers, type TarMember } from "./tar-members.ts";

/** What a whole snapshot says of itself. */
export type SnapshotFacts = {
  /** Everything up to this raft index is in it. */
  readonly index: number;
  /** Bytes of the state. */
  readonly stateBytes: number;
};

/** The members of a raft snapshot, in the order in which the server writes them; the last is written by the cluster's seal. */
const MEMBERS = ["meta.json", "state.bin", "SHA256SUMS", "SHA256SUMS.sealed"] as const;

/** OpenBao itself takes less than 8 KiB. */
const MOST_SMALL = 16 * 1024;

/**
 * Reads an unpacked raft snapshot to its end and compares every sum in it; the state, which may be many GiB, is hashed as it comes. Throws
 * `NotWhole`. What cannot be told without the cluster's keys: whether it can be decrypted, and whether somebody rewrote the sums too.
 */
export async function inspectSnapshot(archive: AsyncIterable<Uint8Array>): Promise<SnapshotFacts> {
  const seen: Seen[] = [];
  for await (const member of tarMembers(archive)) {
    const expected = MEMBERS[seen.length];
    if (member.name !== expected) throw new NotWhole(`its part ${seen.length + 1} is not ${expected ?? "the end"}`);
    seen.push(await readMember(member));
  }
  const [meta, state, sums, sealed] = seen;
  if (meta === undefined || state === undefined || sums === undefined || sealed === undefined)
    throw new NotWhole(`${MEMBERS[seen.length] ?? "a part"} is missing`);
  if (sealed.size === 0) throw new NotWhole("SHA256SUMS.sealed is empty");
  const told = readSums(sums.text);
  for (const { name, sha256 } of [meta, state]) {
    if (told.get(name) !== sha256) throw new NotWhole(`${name} does not have the sum that SHA256SUMS tells`);
  }
  return factsOf(meta, state);
}

function factsOf(meta: Seen, state: Seen): SnapshotFacts {
  const { Index: index, Size: size } = Object(parseJson(meta.text)) as Readonly<Record<string, unknown>>;
  if (typeof index !== "number" || !Number.isSafeInteger(index) || index <= 0)
    throw new NotWhole("meta.json is not what a server writes");
  if (size !== state.size) throw new NotWhole("state.bin is not as long as meta.json tells");
  if (state.size === 0) throw new NotWhole("state.bin is empty");
  return { index, stateBytes: state.size };
}

/** A part that was read to its end; the text of all but the state. */
type Seen = { readonly name: string; readonly sha256: string; readonly size: number; readonly text: string };

async function readMember({ name, size, content }: TarMember): Promise<Seen> {
  const isSmall = name !== "state.bin";
  if (isSmall && size > MOST_SMALL) throw new NotWhole(`${name} is too long`);
  const sum = createHash("sha256");
  const kept: Uint8Array[] = [];
  for await (const piece of content()) {
    sum.update(piece);
    if (isSmall) kept.push(Uint8Array.from(piece));
  }
  return { name, sha256: sum.digest("hex"), size, text: Buffer.concat(kept).toString("utf8") };
}

/** `<64 hex digits>  <name>`, a line each. */
function readSums(text: string): ReadonlyMap<string, string> {
  return new Map([...text.matchAll(/^([0-9a-f]{64}) [ *](\S+)$/gmu)].map(([, sum = "", name = ""]) => [name, sum]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
