import { access } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import { readText } from "./files.ts";
import { root } from "./planted-tree.ts";

type Instruction = { readonly name: string; readonly args: string };

/** Reads a Dockerfile as its instructions, continued lines joined, comments left out. */
function parseDockerfile(text: string): readonly Instruction[] {
  const lines = text
    .replaceAll(/^#.*\n/gmu, "")
    .replaceAll(/\\\n\s*/gu, "")
    .split("\n");
  return lines.flatMap((line) => {
    const { name, args } = /^(?<name>[A-Z]+) +(?<args>.+)$/u.exec(line)?.groups ?? {};
    return name === undefined || args === undefined ? [] : [{ name, args }];
  });
}

const major = (version: string): string => /\d+/u.exec(version)?.[0] ?? version;

describe("the Dockerfile", () => {
  let instructions: readonly Instruction[] = [];
  let manifest: { engines: { node: string }; devDependencies: Readonly<Record<string, string>> };

  const all = (name: string): readonly string[] =>
    instructions.filter((one) => one.name === name).map(({ args }) => args);
  const json = (name: string): unknown => JSON.parse(all(name).at(-1) ?? "null");
  /** What is copied from the repository, not from another stage. */
  const sources = (): readonly string[] =>
    all("COPY")
      .filter((args) => !args.startsWith("--from"))
      .flatMap((args) => args.split(/\s+/u).slice(0, -1));

  beforeAll(async () => {
    instructions = parseDockerfile((await readText("Dockerfile")) ?? "");
    manifest = JSON.parse((await readText("package.json")) ?? "") as typeof manifest;
  });

  it("was understood line by line", () => {
    expect(instructions.map(({ name }) => name).filter((name) => name === "FROM")).toHaveLength(2);
  });

  it("runs the Node that the tests run", () => {
    const images = new Set(all("FROM").map((image) => image.split(" ")[0]));

    expect([...images]).toEqual([`node:${major(manifest.devDependencies["node"] ?? "")}-slim`]);
    expect(major(manifest.engines.node)).toBe(major(manifest.devDependencies["node"] ?? ""));
  });

  it("copies only what is there, and what .dockerignore lets through", async () => {
    const ignored = ((await readText(".dockerignore")) ?? "").split("\n").filter((line) => line !== "");

    expect(ignored[0]).toBe("*");
    expect(new Set(sources())).toEqual(new Set(ignored.slice(1).map((line) => line.replace("!", ""))));
    for (const source of sources()) await access(join(root, source));
  });

  it("installs what the lock file says, and nothing for development", () => {
    expect(all("RUN").find((run) => run.includes("npm"))).toMatch(/^npm ci --omit=dev/u);
  });

  it("runs as a user who is not root, by number, in the image that runs", () => {
    const user = instructions.findLastIndex(({ name }) => name === "USER");

    expect(instructions[user]?.args).toMatch(/^[1-9]\d*:[1-9]\d*$/u);
    expect(user).toBeGreaterThan(instructions.findLastIndex(({ name }) => name === "FROM"));
  });

  it("starts the program that is there, and serves by default", async () => {
    expect(json("ENTRYPOINT")).toEqual(["node", "src/main.ts"]);
    expect(json("CMD")).toEqual(["serve", "--config", "/etc/sealwatch/config.yaml"]);
    await access(join(root, "src/main.ts"));
  });

  it("has the command `sealwatch`, which finds the configuration that is served", async () => {
    const { target = "", link = "" } =
      /chmod 755 src\/main[.]ts && ln -s \/app\/(?<target>\S+) (?<link>\S+)/u.exec(all("RUN").join("\n"))?.groups ?? {};

    expect([target, link]).toEqual([(json("ENTRYPOINT") as string[])[1], "/usr/local/bin/sealwatch"]);
    expect(await readText(target)).toMatch(/^#!\/usr\/bin\/env node\n/u);
    expect(all("ENV")).toContain(`SEALWATCH_CONFIG=${(json("CMD") as string[])[2]}`);
  });

  it("asks the port that it exposes how it is", () => {
    const [port] = all("EXPOSE");

    expect(all("HEALTHCHECK")[0]).toContain(`http://127.0.0.1:${port}/-/healthy`);
  });

  it("holds no secret and fetches nothing but packages", () => {
    expect(all("ARG")).toEqual([]);
    expect(all("ADD")).toEqual([]);
    expect(all("ENV")).toEqual([
      "NODE_ENV=production",
      "SEALWATCH_CONFIG=/etc/sealwatch/config.yaml",
      'NODE_OPTIONS="--max-semi-space-size=2"',
      "UV_THREADPOOL_SIZE=16",
      "NODE_COMPILE_CACHE=/app/.compile-cache",
    ]);
    expect(all("RUN").join("\n")).not.toMatch(/curl|wget|apt-get/u);
  });
});
