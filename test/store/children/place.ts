import { systemTimers } from "../../../src/app/system.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { openPostgresStore } from "../../../src/store/postgres/open.ts";
import { openSqliteStore } from "../../../src/store/sqlite/open.ts";
import type { Store } from "../../../src/store/store.ts";

/** Where a store is, as a child process is told it. Passwords of tests are no secrets. */
export type Place =
  | { readonly sqlite: string }
  | {
      readonly postgres: {
        readonly port: number;
        readonly database: string;
        readonly user: string;
        readonly password: string;
      };
    };

/** The place that the first argument of this process names. */
export function readPlace(): Place {
  return JSON.parse(process.argv[2] ?? "") as Place;
}

/** Opens the store that the first argument of this process names. */
export async function openPlace(): Promise<Store> {
  const place = readPlace();
  if ("sqlite" in place) return openSqliteStore({ path: place.sqlite });
  const { password, ...rest } = place.postgres;
  const readPassword = async () => new Secret(password);
  return await openPostgresStore({
    ...rest,
    host: "127.0.0.1",
    readPassword,
    tls: { mode: "disable" },
    timers: systemTimers,
  });
}
