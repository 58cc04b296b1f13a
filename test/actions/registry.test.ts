import { readdirSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { actions, checks } from "../../src/actions/registry.ts";
import { actionContract, checkContract } from "../contracts/action.contract.ts";

const root = new URL("../../src/actions/", import.meta.url);

describe("the registry", () => {
  it("lists exactly the files of the folders, each under its name with the folder in front", () => {
    const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const files = folders.flatMap(({ name }) =>
      readdirSync(new URL(`${name}/`, root)).map((file) => `${name}.${file.replace(/[.]ts$/u, "")}`),
    );
    expect([...checks.keys(), ...actions.keys()].sort()).toEqual(files.sort());
  });

  it("keeps each under its own name, and no name twice", () => {
    const all = [...checks, ...actions];
    expect(all.filter(([name, item]) => name !== item.name)).toEqual([]);
    expect(new Set(all.map(([name]) => name)).size).toBe(all.length);
  });
});

describe.each([...checks.values()])("check $name", (check) => {
  checkContract(check);
});

describe.each([...actions.values()])("action $name", (action) => {
  actionContract(action);
});
