import { describe } from "@jest/globals";
import { createMemoryStore } from "../../src/store/memory.ts";
import { runStoreContract } from "../contracts/run-store.contract.ts";
import { sideStoresContract } from "./side-stores.contract.ts";
import { walkLockContract } from "./walk-lock.contract.ts";

describe("the memory store", () => {
  runStoreContract(() => createMemoryStore());
  sideStoresContract((machine) => createMemoryStore({ machine }));
  walkLockContract(() => createMemoryStore());
});
