import { z } from "zod";
import type { Holders } from "../../runner/ports.ts";
import { holderLives, type Machine } from "../holder.ts";
import { attempt, transact, type Database } from "./database.ts";

/** Rows of instances that died without leaving are dropped after a day, in milliseconds. */
const FORGET_AFTER_MS = 86_400_000;

const Row = z.object({ beat_at: z.number() }).optional();

/** Keeps in the table `holders` when each program instance was last heard of. */
export function createSqliteHolders(database: Database, machine: Machine): Holders {
  const { path, sqlite } = database;
  const beat = sqlite.prepare(
    "INSERT INTO holders (holder, beat_at) VALUES (?, ?) ON CONFLICT (holder) DO UPDATE SET beat_at = excluded.beat_at",
  );
  const forget = sqlite.prepare("DELETE FROM holders WHERE beat_at < ?");
  const lastBeat = sqlite.prepare("SELECT beat_at FROM holders WHERE holder = ?");
  const leave = sqlite.prepare("DELETE FROM holders WHERE holder = ?");
  return {
    async beat(holder, at) {
      transact(database, "record that this instance lives", () => {
        beat.run(holder, at);
        forget.run(at - FORGET_AFTER_MS);
      });
    },
    async isAlive(holder, at) {
      const row = attempt("read which instances live", path, () => lastBeat.get(holder));
      return holderLives(holder, { beatAt: Row.parse(row)?.beat_at, at }, machine);
    },
    async leave(holder) {
      attempt("record that this instance leaves", path, () => leave.run(holder));
    },
  };
}
