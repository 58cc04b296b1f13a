import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { main } from "../../src/cli/main.ts";
import { packageRoot } from "../../src/app/package-files.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import type { SimulatedCluster } from "../../src/sandbox/vault/simulated-cluster.ts";
import { startSimulatedCluster } from "../../src/sandbox/vault/start-simulated-cluster.ts";
import { systemClock } from "../../src/app/system.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";
import { serveProcess } from "./served-process.ts";

/*
 * What people write wrongly: file, line, column, what was expected, the nearest known name, exit code 2; and a running instance goes on with
 * the last good set.
 */
describe("bad input", () => {
  let directory: TemporaryDirectory;
  let cluster: SimulatedCluster;
  let config: string;
  let runbook: string;
  beforeAll(async () => {
    directory = await temporaryDirectory();
    cluster = await startSimulatedCluster({ clock: systemClock });
    config = join(directory.path, "sealwatch.yaml");
    const runbooks = join(directory.path, "runbooks");
    runbook = join(runbooks, "sealed-node.yaml");
    await cp(join(packageRoot, "runbooks"), runbooks, { recursive: true });
    await writeFile(
      config,
      stringify({
        listen: "127.0.0.1:0",
        store: { path: join(directory.path, "sealwatch.db") },
        runbooks: { directory: runbooks },
        clusters: [{ name: "prod", nodes: cluster.nodes.map(({ name, address }) => ({ name, address })) }],
      }),
    );
  });
  afterAll(async () => {
    await cluster.close();
    await directory[Symbol.asyncDispose]();
  });

  const mistakes: readonly {
    name: string;
    file: () => string;
    change: (text: string) => string;
    command: (file: string) => string[];
    says: RegExp;
  }[] = [
    {
      name: "a wrong key in the configuration",
      file: () => config,
      change: (text) => text.replace("nodes:", "nods:"),
      command: (file) => ["config", "check", file],
      says: /sealwatch\.yaml:\d+:\d+: unknown key "nods"; did you mean "nodes"\?/u,
    },
    {
      name: "a wrong action name in a runbook",
      file: () => runbook,
      change: (text) => text.replace("check: vault.seal-status", "check: vault.seal-statsu"),
      command: (file) => ["runbook", "lint", file],
      says: /sealed-node\.yaml:\d+:\d+: .*vault\.seal-statsu.*did you mean "?vault\.seal-status"?/u,
    },
    {
      name: "broken YAML",
      file: () => runbook,
      change: (text) => text.replace("steps:", "steps: ["),
      command: (file) => ["runbook", "lint", file],
      says: /sealed-node\.yaml:\d+:\d+: .*\(yaml-syntax\)/u,
    },
  ];

  it.each(mistakes)("$name is refused with its place and exit code 2", async ({ file, change, command, says }) => {
    const good = await readFile(file(), "utf8");
    await writeFile(file(), change(good));
    try {
      const told = await call(...command(file()));
      expect(told.code).toBe(2);
      expect(told.err).toMatch(says);
      const served = await call("serve", "--config", config);
      expect(served.code).toBe(2);
      expect(served.err).toMatch(says);
    } finally {
      await writeFile(file(), good);
    }
  });

  it("does not disturb a running instance: it keeps the last good set, says what is wrong, and takes the next good one", async () => {
    await using running = await serveProcess(config, {});
    const good = await readFile(runbook, "utf8");
    const page = async (): Promise<string> => await (await fetch(`${running.address}/runbooks/sealed-node`)).text();
    expect(await page()).toContain("A node is sealed");
    try {
      await writeFile(runbook, good.replace("check: vault.health", "check: vault.helth"));
      running.hangUp();
      await waitFor("the complaint", async () =>
        /not reloaded, the last good set stays/u.test(running.output()) ? true : undefined,
      );
      expect(running.output()).toMatch(/sealed-node\.yaml:\d+:\d+/u);
      expect(await page()).toContain("A node is sealed");
      await writeFile(runbook, good.replace("title: A node is sealed", "title: A node is sealed tonight"));
      running.hangUp();
      await waitFor("the new text", async () =>
        (await page()).includes("A node is sealed tonight") ? true : undefined,
      );
    } finally {
      await writeFile(runbook, good);
    }
  });

  it("names an unknown subcommand's nearest neighbour and prints help on request", async () => {
    expect(await call("stauts")).toMatchObject({ code: 2, err: expect.stringContaining("Did you mean status?") });
    expect(await call("--help")).toMatchObject({ code: 0, out: expect.stringContaining("Usage: sealwatch") });
    expect(parse(await readFile(config, "utf8"))).toHaveProperty("clusters");
  });
});

async function call(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    out: (line: string) => void out.push(line),
    exact: (text: string) => void out.push(text),
    err: (line: string) => void err.push(line),
    ask: async () => undefined,
    interactive: false,
  };
  const code = await main(args, { io, env: {}, signal: new AbortController().signal });
  return { code, out: out.join("\n"), err: err.join("\n") };
}
