import { describe, expect, it } from "@jest/globals";
import { readFileSync } from "node:fs";
import { loadConfig } from "../../src/config/load.ts";
import { createReloadableConfig } from "../../src/config/reload.ts";
import { env, fakeDisk } from "./fake-disk.ts";

const good = readFileSync(new URL("../fixtures/config/valid.yaml", import.meta.url), "utf8");

describe("a reloadable configuration", () => {
  it("takes a good file, and keeps the last good one when the file breaks", async () => {
    const texts = { "c.yaml": good };
    const readText = async (file: string): Promise<string> => await fakeDisk(texts).readText(file);
    const source = { file: "c.yaml", env, readers: { ...fakeDisk(), readText } };
    const first = await loadConfig(source);
    if (!first.ok) throw new Error("the good file is not good");
    let now = 1000;
    const reloadable = createReloadableConfig({ first: first.config, source, clock: { now: () => now } });

    texts["c.yaml"] = good.replace("127.0.0.1:9410", "127.0.0.1:9999");
    now = 2000;
    expect((await reloadable.reload()).ok).toBe(true);
    expect(reloadable.current().listen).toBe("127.0.0.1:9999");
    expect(reloadable.status()).toEqual({ successful: true, attemptedAt: 2000, succeededAt: 2000, findings: [] });

    texts["c.yaml"] = good.replace("listen", "listn");
    now = 3000;
    expect((await reloadable.reload()).ok).toBe(false);
    expect(reloadable.current().listen).toBe("127.0.0.1:9999");
    expect(reloadable.status()).toMatchObject({
      successful: false,
      attemptedAt: 3000,
      succeededAt: 2000,
      findings: [{ rule: "unknown-key" }],
    });
  });
});
