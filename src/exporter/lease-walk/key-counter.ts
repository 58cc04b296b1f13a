import { BYTE, NotJson, closingQuote, isSpace, readString } from "./json-bytes.ts";

/** LeaseList is one level of the tree of leases: how many end there, and the prefixes below it, each with its slash. */
export type LeaseList = {
  readonly leases: number;
  /** The first of them, as many as may be held. */
  readonly prefixes: readonly string[];
  /** All of them. */
  readonly prefixCount: number;
};

/** KeyCounter reads the strings of a JSON list one by one: it counts leases and holds prefixes. */
export type KeyCounter = {
  /** Begins a list, and forgets what another one had: of two members of one name JSON takes the last. */
  readonly open: () => void;
  /** Reads on and gives how far it came; no further than it was when a string begins here that has not ended yet. Throws `NotJson`. */
  readonly step: (bytes: Buffer, at: number) => number;
  /** Whether the list is still to be read on. */
  readonly isOpen: () => boolean;
  readonly list: () => LeaseList;
};

/** What may come next in a list. */
type Expects = "first" | "string" | "separator" | "nothing";

/** Creates a counter that holds so many prefixes and only counts the others. */
export function createKeyCounter(maxPrefixes: number): KeyCounter {
  let expects: Expects = "nothing";
  let leases = 0;
  let prefixCount = 0;
  let prefixes: string[] = [];

  /** The bytes that were asked last whether any string in them has escapes: Vault's have none. */
  let asked: Buffer | undefined;
  let escapes = false;

  const count = (bytes: Buffer, opening: number, closing: number): void => {
    if (bytes !== asked) escapes = bytes.includes(BYTE.backslash);
    asked = bytes;
    // Nearly every key is a plain lease, which is never made into a string.
    const plain = !escapes && bytes[closing - 1] !== BYTE.slash;
    const key = plain ? undefined : readString(bytes, opening, closing);
    if (key?.endsWith("/") !== true) leases++;
    else if (prefixCount++ < maxPrefixes) prefixes.push(key);
  };

  /** Keys follow one another by the hundred thousand: this loop is where a walk spends its time. */
  const keysFrom = (bytes: Buffer, from: number): number => {
    let at = from;
    while (bytes[at] === BYTE.quote) {
      const closing = closingQuote(bytes, at + 1);
      if (closing === -1) return at;
      count(bytes, at, closing);
      at = closing + 1;
      expects = "separator";
      if (bytes[at] !== BYTE.comma) return at;
      at++;
      expects = "string";
    }
    return at;
  };

  return {
    open: () => {
      expects = "first";
      leases = 0;
      prefixCount = 0;
      prefixes = [];
    },
    step: (bytes, at) => {
      const byte = bytes[at];
      if (byte === BYTE.quote && expects !== "separator") return keysFrom(bytes, at);
      if (byte === BYTE.comma && expects === "separator") expects = "string";
      else if (byte === BYTE.closeList && expects !== "string") expects = "nothing";
      else if (!isSpace(byte)) throw new NotJson();
      return at + 1;
    },
    isOpen: () => expects !== "nothing",
    list: () => ({ leases, prefixes, prefixCount }),
  };
}
