import { describe, expect, it } from "@jest/globals";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { catalogSource, loadSettings } from "../../src/app/load-settings.ts";
import { builtinRunbooks, packageRoot, packageVersion } from "../../src/app/package-files.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { writeSettings } from "./settings-files.ts";

describe("loadSettings", () => {
  it("gives the configuration with its defaults, and its runbooks by id", async () => {
    await using directory = await temporaryDirectory();
    const { file } = await writeSettings(directory.path);
    const loading = await loadSettings(file, {});
    expect(loading).toMatchObject({ ok: true, warnings: [], settings: { file, config: { log: { level: "info" } } } });
    const shipped = (await readdir(builtinRunbooks)).filter((name) => !name.endsWith(".test.yaml"));
    expect(loading.ok && [...loading.settings.runbooks.keys()].map((id) => `${id}.yaml`).sort()).toEqual(
      shipped.sort(),
    );
    expect(shipped).toContain("sealed-node.yaml");
  });

  it("uses the runbooks that sealwatch ships when the configuration names none", async () => {
    await using directory = await temporaryDirectory();
    const { file } = await writeSettings(directory.path, { runbooks: {} });
    const loading = await loadSettings(file, {});
    const shipped = (await readdir(builtinRunbooks)).flatMap((name) => /^([^.]+)\.yaml$/u.exec(name)?.[1] ?? []);
    expect(loading.ok && [...loading.settings.runbooks.keys()].sort()).toEqual(shipped.sort());
    expect(loading.ok && catalogSource(loading.settings.config).directory).toBe(builtinRunbooks);
  });

  it("passes on warnings, which stop nothing", async () => {
    await using directory = await temporaryDirectory();
    const { file } = await writeSettings(directory.path, {
      clusters: [
        {
          name: "prod",
          nodes: [{ name: "vault-0", address: "http://127.0.0.1:1" }],
          backups: [{ name: "late", directory: `${directory.path}/not-mounted-yet` }],
        },
      ],
    });
    expect(await loadSettings(file, {})).toMatchObject({
      ok: true,
      warnings: [{ file, message: expect.stringContaining("not-mounted-yet") as unknown as string }],
    });
  });

  it("refuses a bad configuration before it looks at runbooks", async () => {
    await using directory = await temporaryDirectory();
    const { file, runbook } = await writeSettings(directory.path, { lisen: "x" });
    await writeFile(runbook, "steps: [");
    const loading = await loadSettings(file, {});
    expect(loading).toMatchObject({
      ok: false,
      findings: [{ file, message: 'unknown key "lisen"; did you mean "listen"?' }],
    });
  });

  it("refuses a bad runbook with its place", async () => {
    await using directory = await temporaryDirectory();
    const { file, runbook } = await writeSettings(directory.path);
    await writeFile(runbook, (await readFile(runbook, "utf8")).replace("vault.seal-status", "vault.seal-statsu"));
    const loading = await loadSettings(file, {});
    expect(loading).toMatchObject({ ok: false, findings: [{ file: runbook, rule: "unknown-action" }] });
  });

  it("takes secrets from the environment that it is given, and no other", async () => {
    await using directory = await temporaryDirectory();
    const { file } = await writeSettings(directory.path, { alertmanager: { token: { env: "WEBHOOK" } } });
    expect(await loadSettings(file, { WEBHOOK: "x" })).toMatchObject({ ok: true });
    expect(await loadSettings(file, {})).toMatchObject({
      ok: false,
      findings: [{ message: expect.stringContaining("WEBHOOK") as unknown as string }],
    });
  });
});

describe("packageVersion", () => {
  it("is the one in package.json", async () => {
    const text = await readFile(`${packageRoot}/package.json`, "utf8");
    expect(text).toContain(`"version": "${packageVersion()}"`);
  });
});
