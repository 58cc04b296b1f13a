import { describe, expect, it } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { startOwnedProcess } from "../../../src/sandbox/openbao/owned-process.ts";
import type { ProcessOptions } from "../../../src/sandbox/openbao/owned-process.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { isRunning } from "../../support/is-running.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const SOURCE = fileURLToPath(new URL("../../../src/sandbox/openbao/owned-process.ts", import.meta.url));

const program = (directory: string, script: string): ProcessOptions => ({
  name: "program",
  command: process.execPath,
  args: ["-e", script],
  directory,
  logFile: join(directory, "program.log"),
});

const FOREVER = "setInterval(() => {}, 1000)";

describe("startOwnedProcess", () => {
  it("appends what the program says to its log, with nothing of our environment and in its own directory", async () => {
    await using directory = await temporaryDirectory();
    const script = "console.log(process.cwd(), process.env.PATH); console.error('oops'); process.exit(3)";
    const started = await startOwnedProcess(program(directory.path, script));
    expect(await started.ended).toBe("code 3");
    expect(started.running()).toBe(false);
    expect(await readFile(join(directory.path, "program.log"), "utf8")).toBe(`${directory.path} undefined\noops\n`);
  });

  it("is gone when kill() is done, and a second kill() does nothing", async () => {
    await using directory = await temporaryDirectory();
    const started = await startOwnedProcess(program(directory.path, FOREVER));
    expect(isRunning(started.pid)).toBe(true);
    await started.kill();
    expect(isRunning(started.pid)).toBe(false);
    expect(await started.ended).toBe("SIGKILL");
    await started.kill();
  });

  it("kills a program that is stopped", async () => {
    await using directory = await temporaryDirectory();
    const started = await startOwnedProcess(program(directory.path, FOREVER));
    started.signal("SIGSTOP");
    await started.kill();
    expect(isRunning(started.pid)).toBe(false);
  });

  it("ends with its parent, when the parent exits and when it is killed", async () => {
    await using directory = await temporaryDirectory();
    const options = JSON.stringify(program(directory.path, FOREVER));
    const start = `const { startOwnedProcess } = await import(${JSON.stringify(SOURCE)});
      console.log((await startOwnedProcess(${options})).pid); process.stdin.once("data", () => process.exit(0));`;
    for (const end of ["exit", "SIGKILL"]) {
      const parent = spawn(process.execPath, ["--input-type=module", "-e", start]);
      const [text] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(text.toString("utf8"));
      expect(isRunning(pid)).toBe(true);
      if (end === "exit") parent.stdin.write("go\n");
      else parent.kill("SIGKILL");
      await once(parent, "exit");
      await waitFor(`the child to end after ${end}`, async () => (isRunning(pid) ? undefined : true));
    }
  });
});
