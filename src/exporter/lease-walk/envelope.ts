import { BYTE, NotJson, closingQuote, parseJson, readString } from "./json-bytes.ts";

/** Vault's own envelope is a few hundred bytes; its warnings may be longer. */
const MAX_BYTES = 64 * 1024;

/** Envelope keeps an answer but for the content of `data.keys`, which is for somebody else to read. */
export type Envelope = {
  /** Keeps the token that begins here and gives where the next does; where it was when a string has not ended yet. Throws `NotJson`. */
  readonly step: (bytes: Buffer, at: number) => number;
  /** Ends the list that was left out. */
  readonly closeKeys: () => void;
  /** Throws `NotJson` when the whole, with an empty list in place of the keys, is not Vault's answer. */
  readonly end: () => void;
};

/** Creates an empty envelope; `onKeys` is told when the list of keys begins. */
export function createEnvelope(onKeys: () => void): Envelope {
  const kept: string[] = [];
  let size = 0;
  /** For each object or list that is open: the name of the member that is being read. */
  const names: (string | undefined)[] = [];
  let lastString: string | undefined;

  const keep = (bytes: Buffer, from: number, to: number): number => {
    size += to - from;
    if (size > MAX_BYTES) throw new NotJson();
    kept.push(bytes.toString("latin1", from, to));
    return to;
  };
  return {
    step: (bytes, at) => {
      switch (bytes[at]) {
        case BYTE.quote: {
          const closing = closingQuote(bytes, at + 1);
          if (closing === -1) return at;
          lastString = readString(bytes, at, closing);
          return keep(bytes, at, closing + 1);
        }
        case BYTE.colon:
          names[names.length - 1] = lastString;
          break;
        case BYTE.openList:
          if (names.length === 2 && names[0] === "data" && names[1] === "keys") onKeys();
          else names.push(undefined);
          break;
        case BYTE.openObject:
          names.push(undefined);
          break;
        case BYTE.closeList:
        case BYTE.closeObject:
          names.pop();
          break;
        default:
      }
      return keep(bytes, at, at + 1);
    },
    closeKeys: () => void kept.push("]"),
    end: () => {
      if (!hasKeys(parseJson(Buffer.from(kept.join(""), "latin1").toString("utf8")))) throw new NotJson();
    },
  };
}

function hasKeys(answer: unknown): boolean {
  const { data } = (answer ?? {}) as { readonly data?: { readonly keys?: unknown } | null };
  return Array.isArray(data?.keys);
}
