import { ROLE } from "../../support/postgresql.ts";
import { describeWith } from "../../support/real.ts";
import { racesContract } from "../races.contract.ts";
import { testServer } from "./test-database.ts";

describeWith(["postgresql"], "a database that several processes have open", () => {
  const { server, open, emptyDatabase } = testServer({ durable: true });

  racesContract({
    make: async () => ({ postgres: { port: server().port, database: await emptyDatabase(), ...ROLE } }),
    open: async (place) => await open("postgres" in place ? { database: place.postgres.database } : {}),
  });
});
