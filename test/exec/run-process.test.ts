import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { systemTimers } from "../../src/app/system.ts";
import type { ProcessEnd } from "../../src/actions/services.ts";
import { runProcess } from "../../src/exec/run-process.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { settle } from "../contracts/action.contract.ts";
import { isRunning } from "../support/is-running.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

type Given = {
  readonly args?: readonly string[];
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
};

/** Runs a script with `/bin/sh` in its first line, by its path. */
async function run(script: string, directory: string, given: Given = {}): Promise<ProcessEnd> {
  const file = join(directory, "program");
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o700);
  const { args = [], timeoutMs = 60_000, signal = new AbortController().signal } = given;
  return await runProcess({ argv: [file, ...args], directory, timeoutMs, timers: systemTimers, signal });
}

const pidIn = async (file: string): Promise<number> => Number((await readFile(file, "utf8")).trim());
const written = async (file: string): Promise<boolean> =>
  await stat(file).then(
    ({ size }) => size > 0,
    () => false,
  );

describe("a configured program", () => {
  it("gets its arguments as they are: no shell reads them", async () => {
    await using directory = await temporaryDirectory();
    const args = ["$(touch bad)", "; touch bad", "`touch bad`", "a b", "", "*", "$HOME", "--", "'\""];
    const ended = await run(`for each in "$@"; do printf '<%s>' "$each"; done; ls`, directory.path, { args });
    expect(ended).toEqual({
      exitCode: 0,
      endedBy: "",
      timedOut: false,
      output: `${args.map((each) => `<${each}>`).join("")}program\n`,
      cut: false,
    });
  });

  it("sees nothing of our environment and of our input", async () => {
    await using directory = await temporaryDirectory();
    process.env["SEALWATCH_TEST_CANARY"] = "canary";
    const { output } = await run("env | cut -d= -f1 | sort; cat", directory.path);
    delete process.env["SEALWATCH_TEST_CANARY"];
    // The shell adds its own.
    expect(output.split("\n").filter((name) => !/^(?:PWD|OLDPWD|SHLVL|_)?$/u.test(name))).toEqual(["LANG", "PATH"]);
  });

  it("tells its exit code, whatever it is", async () => {
    await using directory = await temporaryDirectory();
    expect(await run("exit 37", directory.path)).toMatchObject({ exitCode: 37, endedBy: "", timedOut: false });
    expect(await run("kill -9 $$", directory.path)).toMatchObject({ exitCode: -1, endedBy: "SIGKILL" });
  });

  it("tells the last of what it wrote, however much that is", async () => {
    await using directory = await temporaryDirectory();
    const { output, cut } = await run("yes flood | head -c 30000000; echo; echo the end >&2", directory.path);
    expect(cut).toBe(true);
    expect(output.length).toBeLessThanOrEqual(8192);
    expect(output.split("\n").slice(-3)).toEqual(["", "the end", ""]);
    expect(new Set(output.split("\n"))).toEqual(new Set(["flood", "", "the end"]));
  });

  it.each([
    { name: "at the end", script: (secret: string) => `echo token is ${secret}` },
    {
      name: "across the place where the output was cut",
      script: (secret: string) => `yes ${secret} | head -n 200000`,
    },
    { name: "without any line feed", script: (secret: string) => `yes ${secret} | tr -d '\\n' | head -c 9000000` },
    { name: "beside control characters", script: (secret: string) => `printf '\\033[31m${secret}\\033[0m'` },
  ])("does not tell a secret that it wrote $name", async ({ script }) => {
    await using directory = await temporaryDirectory();
    const secret = `hvs.${"CANARYcanary0123".repeat(3)}`;
    const { output } = await run(script(secret), directory.path);
    expect(output).not.toContain("CANARY");
    expect(output).not.toContain("canary0123CAN");
    expect(output).not.toMatch(/\p{Cc}(?<!\n)/u);
  });

  it("is killed with all that it started when its time is over and it does not listen", async () => {
    await using directory = await temporaryDirectory();
    const child = join(directory.path, "child");
    const script = `trap '' TERM\n(trap '' TERM; echo "$$" >/dev/null; sh -c 'trap "" TERM; echo $$ > ${child}; while :; do sleep 1; done') &\nwhile :; do sleep 1; done`;
    const ended = await run(script, directory.path, { timeoutMs: 1000 });
    expect(ended).toMatchObject({ exitCode: -1, endedBy: "SIGKILL", timedOut: true });
    const pid = await pidIn(child);
    await waitFor("the end of the child", async () => (isRunning(pid) ? undefined : true));
  });

  it("is asked to end first", async () => {
    await using directory = await temporaryDirectory();
    const script = "trap 'echo tidied; exit 4' TERM\nwhile :; do sleep 0.1; done";
    const ended = await run(script, directory.path, { timeoutMs: 1000 });
    expect(ended).toMatchObject({ exitCode: 4, timedOut: true, output: expect.stringContaining("tidied\n") });
  });

  it("is ended when the run is aborted", async () => {
    await using directory = await temporaryDirectory();
    const began = join(directory.path, "began");
    const abort = new AbortController();
    const ended = settle(
      run(`echo $$ > ${began}\nwhile :; do sleep 1; done`, directory.path, { signal: abort.signal }),
    );
    await waitFor("its begin", async () => ((await written(began)) ? true : undefined));
    abort.abort();
    expect(await ended).toMatchObject({ reason: "aborted", message: expect.stringContaining("look what it did") });
    const pid = await pidIn(began);
    await waitFor("its end", async () => (isRunning(pid) ? undefined : true));
  });

  it("may leave something running that it started, which is not waited for", async () => {
    await using directory = await temporaryDirectory();
    const daemon = join(directory.path, "daemon");
    const ended = await run(`sleep 60 &\necho $! > ${daemon}\necho started`, directory.path);
    expect(ended).toMatchObject({ exitCode: 0, timedOut: false, output: "started\n" });
    const pid = await pidIn(daemon);
    expect(isRunning(pid)).toBe(true);
    process.kill(pid, "SIGKILL");
  });

  it.each([
    { name: "is not there", file: "nowhere" },
    { name: "may not be run", file: "text" },
    { name: "is a directory", file: "." },
  ])("that $name is refused: nothing began", async ({ file }) => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, "text"), "#!/bin/sh\ntouch began\n", { mode: 0o600 });
    const program = join(directory.path, file);
    const { signal } = new AbortController();
    const ended = runProcess({ argv: [program], directory: "/", timeoutMs: 1000, timers: systemTimers, signal });
    const message = expect.stringContaining(`cannot run ${program}`);
    expect(await settle(ended)).toMatchObject({ reason: "refused", message });
  });

  it("is not begun when the run was aborted before", async () => {
    await using directory = await temporaryDirectory();
    const ended = run("touch began", directory.path, { signal: AbortSignal.abort() });
    expect(await settle(ended)).toMatchObject({ reason: "aborted" });
    expect(await written(join(directory.path, "began"))).toBe(false);
  });
});
