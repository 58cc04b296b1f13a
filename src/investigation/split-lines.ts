/** Takes bytes apart into lines without holding more than one. */
export type LineSplitter = {
  readonly push: (piece: Buffer) => void;
  /** Gives what came after the last line feed. */
  readonly end: () => void;
};

/** What becomes of the lines. */
export type LineTaker = {
  /** Longer lines are cut off here. */
  readonly maxBytes: number;
  /** `cut` says that the line went on. The bytes are only lent. */
  readonly take: (line: Buffer, cut: boolean) => void;
};

const LINE_FEED = 0x0a;

/** Creates a splitter. Empty lines are left out. */
export function createLineSplitter({ maxBytes, take }: LineTaker): LineSplitter {
  let held: Buffer[] = [];
  let bytes = 0;
  let cut = false;
  const hold = (piece: Buffer): void => {
    const room = maxBytes - bytes;
    if (piece.length > room) cut = true;
    if (room <= 0) return;
    // A copy: the piece is a window on a buffer that the reader may fill again.
    held.push(Buffer.from(piece.subarray(0, room)));
    bytes += Math.min(room, piece.length);
  };
  const give = (rest: Buffer): void => {
    if (bytes === 0 && rest.length <= maxBytes) {
      if (rest.length > 0) take(rest, false);
      return;
    }
    hold(rest);
    take(Buffer.concat(held), cut);
    held = [];
    bytes = 0;
    cut = false;
  };
  return {
    push: (piece) => {
      let from = 0;
      for (;;) {
        const at = piece.indexOf(LINE_FEED, from);
        if (at === -1) break;
        give(piece.subarray(from, at));
        from = at + 1;
      }
      if (from < piece.length) hold(piece.subarray(from));
    },
    end: () => {
      if (bytes > 0) give(Buffer.alloc(0));
    },
  };
}
