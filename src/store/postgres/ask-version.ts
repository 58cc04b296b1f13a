import { z } from "zod";
import type { PostgresOptions } from "./connection.ts";
import { openDatabase } from "./database.ts";

const Row = z.object({ version: z.string() });

/** Connects as the store would and asks for the server's version, `15.8` for instance; throws `FailureError` when it cannot. */
export async function askVersion(options: PostgresOptions): Promise<string> {
  const database = openDatabase(options);
  try {
    const text = "SELECT current_setting('server_version') AS version";
    const [row] = await database.ask({ what: "ask for the version", again: "once" }, { text });
    return `${database.where}, version ${Row.parse(row).version.split(" ")[0]}`;
  } finally {
    await database.close();
  }
}
