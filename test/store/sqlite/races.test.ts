import { describe } from "@jest/globals";
import { openSqliteStore } from "../../../src/store/sqlite/open.ts";
import { racesContract } from "../races.contract.ts";
import { temporaryFiles } from "./temporary-file.ts";

const temporaryFile = temporaryFiles();

describe("a file that several processes have open", () => {
  racesContract({
    make: () => ({ sqlite: temporaryFile() }),
    elapse: async () => {},
    open: (place) => openSqliteStore({ path: "sqlite" in place ? place.sqlite : "" }),
  });
});
