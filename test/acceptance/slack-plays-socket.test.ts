import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, jest } from "@jest/globals";
import { packageRoot } from "../../src/app/package-files.ts";
import { describePlays, PLAYS } from "./slack-plays.ts";

jest.setTimeout(120_000);

describe("the plays", () => {
  it("have every builtin runbook", async () => {
    const files = (await readdir(join(packageRoot, "runbooks"))).filter((name) => !name.endsWith(".test.yaml"));
    expect(PLAYS.map(({ runbook }) => `${runbook}.yaml`).sort()).toEqual(files.sort());
  });
});

describePlays("socket");
