import { z } from "zod";
import type { Holders } from "../../runner/ports.ts";
import { holderLives, type Machine } from "../holder.ts";
import type { Database } from "./database.ts";

/** Rows of instances that died without leaving are dropped after a day. */
const BEAT = `
  WITH forgotten AS (
    DELETE FROM sealwatch.holders WHERE holder <> $1 AND beat_at < clock_timestamp() - interval '1 day'
  )
  INSERT INTO sealwatch.holders (holder, beat_at) VALUES ($1, clock_timestamp())
  ON CONFLICT (holder) DO UPDATE SET beat_at = excluded.beat_at`;

const SILENCE = `
  SELECT (extract(epoch FROM clock_timestamp() - beat_at) * 1000)::float8 AS ms FROM sealwatch.holders WHERE holder = $1`;

const Silence = z.object({ ms: z.number() }).optional();

/** Keeps in the table `holders` when each program instance was last heard of, by the database's clock: replicas' clocks may differ. */
export function createPostgresHolders(database: Database, machine: Machine): Holders {
  return {
    async beat(holder) {
      const asking = { what: "record that this instance lives", again: "once" } as const;
      await database.ask(asking, { text: BEAT, values: [holder] });
    },
    async isAlive(holder) {
      const asking = { what: "read which instances live", again: "once" } as const;
      const [row] = await database.ask(asking, { text: SILENCE, values: [holder] });
      const silence = Silence.parse(row);
      return holderLives(holder, { beatAt: silence === undefined ? undefined : 0, at: silence?.ms ?? 0 }, machine);
    },
    async leave(holder) {
      const text = "DELETE FROM sealwatch.holders WHERE holder = $1";
      await database.ask({ what: "record that this instance leaves", again: "once" }, { text, values: [holder] });
    },
  };
}
