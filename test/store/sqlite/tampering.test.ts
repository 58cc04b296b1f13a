import { DatabaseSync } from "node:sqlite";
import { describe } from "@jest/globals";
import { z } from "zod";
import { openSqliteStore } from "../../../src/store/sqlite/open.ts";
import { tamperingContract, type Victim } from "../tampering.contract.ts";
import { temporaryFiles } from "./temporary-file.ts";

const Entry = z.object({ sequence: z.number(), text: z.string(), hash: z.string() });
const temporaryFile = temporaryFiles();

/** Edits the file as someone with SQL would. */
function openVictim(): Victim {
  const path = temporaryFile();
  const store = openSqliteStore({ path });
  const sqlite = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  sqlite.exec("PRAGMA synchronous = OFF");
  sqlite.exec("DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_deleted");
  const insert = sqlite.prepare("INSERT INTO events VALUES ('R1', ?, ?, ?)");
  const select = sqlite.prepare("SELECT sequence, text, hash FROM events WHERE run_id = ? ORDER BY sequence");
  return {
    runs: store.runs,
    entries: async (runId) => select.all(runId).map((row) => Entry.parse(row)),
    rewrite: async (entries) => {
      sqlite.exec("DELETE FROM events WHERE run_id = 'R1'");
      for (const { sequence, text, hash } of entries) insert.run(sequence, text, hash);
    },
    rewriteHead: async (head) => {
      if (head === undefined) sqlite.exec("DELETE FROM runs WHERE id = 'R1'");
      else sqlite.prepare("UPDATE runs SET version = ?, head = ? WHERE id = 'R1'").run(head.version, head.head);
    },
    close: () => {
      sqlite.close();
      store.close();
    },
  };
}

describe("a file that was edited by SQL", () => {
  tamperingContract(openVictim);
});
