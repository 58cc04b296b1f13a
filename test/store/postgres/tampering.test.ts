import { Client } from "pg";
import { z } from "zod";
import { describeWith } from "../../support/real.ts";
import { tamperingContract, type Victim } from "../tampering.contract.ts";
import { testServer } from "./test-database.ts";

const Entry = z.object({ sequence: z.number(), text: z.string(), hash: z.string() });
/** Of each kind; every one is two transactions on a real server. */
const TRIES = 60;

describeWith(["postgresql"], "a database that was edited by SQL", () => {
  const { server, open } = testServer();

  /** Edits the tables as an administrator could, whom no trigger and no foreign key stops. */
  async function openVictim(): Promise<Victim> {
    const database = await server().createDatabase();
    const store = await open({ database });
    const client = new Client(server().administratorOf(database));
    await client.connect();
    await client.query("SET session_replication_role = replica");
    return {
      runs: store.runs,
      entries: async (runId) => {
        const text = "SELECT sequence, text, hash FROM sealwatch.events WHERE run_id = $1 ORDER BY sequence";
        return (await client.query(text, [runId])).rows.map((row) => Entry.parse(row));
      },
      rewrite: async (entries) => {
        await client.query("DELETE FROM sealwatch.events WHERE run_id = 'R1'");
        await client.query(INSERT, [JSON.stringify(entries)]);
      },
      rewriteHead: async (head) => {
        if (head === undefined) await client.query("DELETE FROM sealwatch.runs WHERE id = 'R1'");
        else
          await client.query("UPDATE sealwatch.runs SET version = $1, head = $2 WHERE id = 'R1'", [
            head.version,
            head.head,
          ]);
      },
      close: async () => {
        await client.end();
        await store.close();
      },
    };
  }

  tamperingContract(openVictim, TRIES);
});

const INSERT = `
  INSERT INTO sealwatch.events (run_id, sequence, text, hash, append_id)
  SELECT 'R1', sequence, text, hash, gen_random_uuid()
  FROM jsonb_to_recordset($1) AS given (sequence INTEGER, text TEXT, hash TEXT)`;
