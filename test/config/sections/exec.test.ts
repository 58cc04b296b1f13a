import { describe, expect, it } from "@jest/globals";
import { Exec } from "../../../src/config/sections/exec.ts";

const WELL = { name: "restart-vault", description: "Restarts a node", argv: ["/usr/bin/restart", "{node}"] };

describe("a configured program", () => {
  it("runs in / for a minute and for every cluster unless something else is said", () => {
    expect(Exec.parse(WELL)).toEqual({ ...WELL, directory: "/", timeout: 60_000 });
    expect(Exec.parse({ ...WELL, verify: { argv: ["/usr/bin/is-up"] } }).verify).toEqual({
      argv: ["/usr/bin/is-up"],
      notDone: [],
      timeout: 10_000,
    });
  });

  const refused: readonly { name: string; given: object; says: string }[] = [
    { name: "no program", given: { argv: [] }, says: "argv" },
    { name: "a program that is looked for", given: { argv: ["restart"] }, says: "by its absolute path" },
    { name: "a program that is filled in", given: { argv: ["/{node}"] }, says: "a placeholder is a whole argument" },
    {
      name: "a part of an argument",
      given: { argv: ["/bin/x", "--host={node}"] },
      says: "a placeholder is a whole argument",
    },
    {
      name: "a placeholder that nobody fills in",
      given: { argv: ["/bin/x", "{reason}"] },
      says: "one of {node}, {cluster}, {address}",
    },
    { name: "more time than a step has", given: { timeout: "10m" }, says: "at most 540s" },
    {
      name: "a look that is longer than a look",
      given: { verify: { argv: ["/bin/x"], timeout: "1m" } },
      says: "at most 20s",
    },
    { name: "0 as a code for not done", given: { verify: { argv: ["/bin/x"], notDone: [0] } }, says: "notDone" },
    { name: "one string in place of arguments", given: { argv: "/bin/sh -c x" }, says: "argv" },
  ];
  it.each(refused)("is refused with $name", ({ given, says }) => {
    const { error } = Exec.safeParse({ ...WELL, ...given });
    expect(JSON.stringify(error?.issues)).toContain(says);
  });
});
