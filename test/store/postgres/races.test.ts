import { ROLE } from "../../support/postgresql.ts";
import { describeWith } from "../../support/real.ts";
import { racesContract } from "../races.contract.ts";
import { elapsedSql, testServer } from "./test-database.ts";

describeWith(["postgresql"], "a database that several processes have open", () => {
  const { server, open, emptyDatabase } = testServer({ durable: true });

  racesContract({
    make: async () => ({ postgres: { port: server().port, database: await emptyDatabase(), ...ROLE } }),
    elapse: async (place, ms) => {
      if ("postgres" in place) await server().execute(place.postgres.database, elapsedSql(ms));
    },
    open: async (place) => await open("postgres" in place ? { database: place.postgres.database } : {}),
  });
});
