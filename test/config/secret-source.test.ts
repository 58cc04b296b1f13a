import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { readSecret } from "../../src/config/secret-source.ts";
import { fakeDisk } from "./fake-disk.ts";

describe("readSecret", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "sealwatch-secret-"));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  it.each([
    { name: "as it is", text: "s3cret", secret: "s3cret" },
    { name: "without the newline at its end", text: "s3cret\n", secret: "s3cret" },
    { name: "without the line end of Windows", text: "s3cret\r\n", secret: "s3cret" },
    { name: "with the spaces that belong to it", text: " s3 cret ", secret: " s3 cret " },
  ])("reads a file $name", async ({ text, secret }) => {
    const file = join(directory, "secret");
    await writeFile(file, text);
    expect((await readSecret({ file }, { env: {} })).reveal()).toBe(secret);
  });

  it("reads the file again, so that a rotated secret is taken", async () => {
    const file = join(directory, "secret");
    await writeFile(file, "old");
    const old = await readSecret({ file }, { env: {} });
    await writeFile(file, "new");
    expect([old.reveal(), (await readSecret({ file }, { env: {} })).reveal()]).toEqual(["old", "new"]);
  });

  it("reads a variable of the environment that it is given", async () => {
    const secret = await readSecret({ env: "TOKEN" }, { env: { TOKEN: "s3cret" } });
    expect(secret.reveal()).toBe("s3cret");
    expect(inspect(secret)).toBe("<redacted>");
  });

  it.each([
    { name: "a file that is not there", source: { file: "/not/there" }, reason: "not-found", retryable: true },
    { name: "a file that this user may not read", source: { file: "/denied" }, reason: "denied", retryable: false },
    { name: "a folder", source: { file: "/folder" }, reason: "server-error", retryable: true },
    { name: "an empty file", source: { file: "/empty" }, reason: "invalid-answer", retryable: true },
    { name: "a file of several lines", source: { file: "/lines" }, reason: "invalid-answer", retryable: true },
    { name: "a variable that is not set", source: { env: "NOT_SET" }, reason: "not-found", retryable: false },
  ])("refuses $name, and says what to do", async ({ source, reason, retryable }) => {
    const disk = fakeDisk({ "/empty": "\n", "/lines": "s3cret\ns3cret\n" });
    const codes: Readonly<Record<string, string>> = { "/denied": "EACCES", "/folder": "EISDIR" };
    const readText = async (file: string): Promise<string> => {
      const code = codes[file];
      if (code !== undefined) throw Object.assign(new Error("s3cret"), { code });
      return await disk.readText(file);
    };
    const failed = readSecret(source, { env: {}, readers: { ...disk, readText } });
    await expect(failed).rejects.toMatchObject({ name: "FailureError", reason, retryable });
    await expect(failed).rejects.toThrow(/^cannot read the secret from (?:file|variable) \S+: .+/u);
    await expect(failed).rejects.not.toThrow("s3cret");
  });

  it("says which file may not be read, on a real disk", async () => {
    const file = join(directory, "secret");
    await writeFile(file, "s3cret");
    await chmod(file, 0o000);
    const isRoot = process.getuid?.() === 0;
    const read = readSecret({ file }, { env: {} }).then(
      (secret) => secret.reveal(),
      (error: unknown) => (error as { reason: string }).reason,
    );
    expect(await read).toBe(isRoot ? "s3cret" : "denied");
  });
});
