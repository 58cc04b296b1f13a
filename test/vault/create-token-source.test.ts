import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createTokenSource } from "../../src/vault/create-token-source.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

describe("a token from a file", () => {
  it("is read again when the file changed, by writing or by swapping", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "token");
    const source = createTokenSource({ file }, {});

    await writeFile(file, "s.first\n");
    expect((await source.read()).reveal()).toBe("s.first");
    await writeFile(file, "s.second-is-longer\n");
    expect((await source.read()).reveal()).toBe("s.second-is-longer");
    await writeFile(join(directory.path, "next"), "s.third-is-longer!\n");
    await rename(join(directory.path, "next"), file);
    expect((await source.read()).reveal()).toBe("s.third-is-longer!");
  });

  it("fails with what to do when the file is missing or empty, and recovers", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "token");
    const source = createTokenSource({ file }, {});

    await expect(source.read()).rejects.toMatchObject({
      reason: "denied",
      message: `cannot read the Vault token from ${file}: ENOENT; check that the file is there and readable`,
    });
    await writeFile(file, "\n");
    await expect(source.read()).rejects.toMatchObject({
      reason: "denied",
      message: `cannot read the Vault token from ${file}: the file is empty; write the token into it`,
    });
    await writeFile(file, "s.token\nand another line\n");
    await expect(source.read()).rejects.toMatchObject({
      reason: "denied",
      message: `cannot read the Vault token from ${file}: the file holds more than a token; write one line of plain text into it, without spaces`,
    });
    await rm(file);
    await writeFile(file, "s.token");
    expect((await source.read()).reveal()).toBe("s.token");
  });
});

describe("a token from the environment", () => {
  it("is what the variable holds", async () => {
    expect((await createTokenSource({ env: "TOKEN" }, { TOKEN: " s.token\n" }).read()).reveal()).toBe("s.token");
  });

  it.each([{}, { TOKEN: "" }])("fails when the variable is not set: %j", async (env) => {
    await expect(createTokenSource({ env: "TOKEN" }, env).read()).rejects.toMatchObject({
      reason: "denied",
      message: "cannot read the Vault token from $TOKEN: it is not set; set the variable and start again",
    });
  });
});
