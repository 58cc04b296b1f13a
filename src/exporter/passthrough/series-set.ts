import { ASCII } from "../ascii.ts";
import type { BytesRange } from "./page-family.ts";

/** So many bytes of series are remembered; then all are forgotten, and one that comes again is not noticed. */
const MAX_BYTES = 1024 * 1024;

const FIRST_BYTES = 4096;

/** A power of 2, as every size of the table is. */
const FIRST_SLOTS = 64;

/**
 * SeriesSet remembers the series of a family by their bytes, so that none is shown twice: a hash table that makes no string of any, because
 * there are a hundred thousand a scrape.
 */
export class SeriesSet {
  /** The series, one behind the other, each ended by a line feed, which none has in it. */
  #held = Buffer.allocUnsafe(FIRST_BYTES);
  #used = 0;
  /** Where in `#held` a series begins, plus 1; 0 is a free slot. */
  #slots = new Int32Array(FIRST_SLOTS);
  #count = 0;
  /** The first series is held only when there is a second: many families have one. */
  #first: BytesRange | undefined;

  /** Forgets all. */
  clear(): void {
    this.#first = undefined;
    if (this.#count > 0) this.#forget();
  }

  /** Remembers a series, whose bytes must stay as they are; false when it was there already. */
  add(bytes: Buffer, from: number, to: number): boolean {
    if (this.#first === undefined) {
      this.#first = { bytes, from, to };
      return true;
    }
    if (this.#count === 0) this.#insert(this.#first.bytes, this.#first.from, this.#first.to);
    return this.#insert(bytes, from, to);
  }

  #forget(): void {
    if (this.#slots.length === FIRST_SLOTS) this.#slots.fill(0);
    else this.#slots = new Int32Array(FIRST_SLOTS);
    this.#used = 0;
    this.#count = 0;
  }

  #insert(bytes: Buffer, from: number, to: number): boolean {
    this.#makeRoom(to - from + 1);
    const place = this.#used;
    const slot = this.#slotOf(place, this.#append(bytes, from, to));
    if (this.#slots[slot] !== 0) {
      this.#used = place;
      return false;
    }
    this.#slots[slot] = place + 1;
    this.#count += 1;
    return true;
  }

  #makeRoom(length: number): void {
    if (this.#used + length > MAX_BYTES) this.#forget();
    if (this.#count * 2 >= this.#slots.length) this.#moveToMoreSlots();
    if (this.#used + length <= this.#held.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#held.length * 4, this.#used + length));
    this.#held.copy(larger, 0, 0, this.#used);
    this.#held = larger;
  }

  #moveToMoreSlots(): void {
    const before = this.#slots;
    this.#slots = new Int32Array(before.length * 4);
    for (const slot of before) if (slot !== 0) this.#slots[this.#slotOf(slot - 1, this.#hashOf(slot - 1))] = slot;
  }

  /** Holds a series behind the others and gives its hash. */
  #append(bytes: Buffer, from: number, to: number): number {
    const held = this.#held;
    let used = this.#used;
    let hash = FNV_OFFSET;
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      held[used++] = byte;
      hash = Math.imul(hash ^ byte, FNV_PRIME);
    }
    held[used++] = ASCII.lineFeed;
    this.#used = used;
    return hash;
  }

  #hashOf(place: number): number {
    let hash = FNV_OFFSET;
    for (let at = place; this.#held[at] !== ASCII.lineFeed; at += 1)
      hash = Math.imul(hash ^ (this.#held[at] ?? 0), FNV_PRIME);
    return hash;
  }

  /** Finds the slot of the series that is held at this place: that of an equal one, or a free one. */
  #slotOf(place: number, hash: number): number {
    const slots = this.#slots;
    const last = slots.length - 1;
    let slot = (hash ^ (hash >>> 16)) & last;
    for (let held = slots[slot] ?? 0; held !== 0 && !this.#same(place, held - 1); held = slots[slot] ?? 0)
      slot = (slot + 1) & last;
    return slot;
  }

  #same(one: number, other: number): boolean {
    const held = this.#held;
    let at = 0;
    while (held[one + at] === held[other + at]) if (held[one + at++] === ASCII.lineFeed) return true;
    return false;
  }
}

/** FNV-1a. */
const FNV_OFFSET = 0x81_1c_9d_c5;
const FNV_PRIME = 0x01_00_01_93;
