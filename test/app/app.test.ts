import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { readdirSync, readlinkSync } from "node:fs";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { startApp } from "../../src/app/app.ts";
import { packageRoot } from "../../src/app/package-files.ts";
import { silentLogger } from "../../src/lib/logger.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";
import { startNode, type Child } from "./child.ts";
import { writeSettings, type SettingsFiles } from "./settings-files.ts";

const MAIN = join(packageRoot, "src", "main.ts");
/** Says on stderr which packages a program loads, once each. */
const TRACE = [
  "--import",
  `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from "node:module";
    const seen = new Set();
    registerHooks({
      load(url, context, next) {
        const path = url.split("/node_modules/").slice(1).at(-1)?.split("/") ?? [];
        const name = path.slice(0, path[0]?.startsWith("@") ? 2 : 1).join("/");
        if (name !== "" && !seen.has(name)) {
          seen.add(name);
          console.error("loads " + name);
        }
        return next(url, context);
      },
    });`)}`,
];

let directory: TemporaryDirectory;
let files: SettingsFiles;

beforeAll(async () => {
  directory = await temporaryDirectory();
  files = await writeSettings(directory.path);
});
afterAll(async () => await directory[Symbol.asyncDispose]());

describe("startApp", () => {
  // Which files are open is told by /proc.
  (process.platform === "linux" ? it : it.skip)(
    "ends what it had begun when the port is taken, and says what to do",
    async () => {
      await using taken = await takePort();
      const settings = await files.load();
      const config = { ...settings.config, listen: `127.0.0.1:${taken.port}` };
      await expect(startApp({ settings: { ...settings, config }, env: {}, logger: silentLogger })).rejects.toThrow(
        `cannot listen on 127.0.0.1:${taken.port}: EADDRINUSE; end the program that has the port`,
      );
      expect(openFiles().filter((file) => file.startsWith(directory.path))).toEqual([]);
      // The store is free: the same settings start on another port.
      const app = await startApp({ settings, env: {}, logger: silentLogger });
      expect(openFiles().some((file) => file.startsWith(String(config.store.path)))).toBe(true);
      await app.stop();
      expect(openFiles().filter((file) => file.startsWith(directory.path))).toEqual([]);
    },
  );

  it.each([
    { name: "after a start that failed", taken: true, says: /^cannot listen on /mu },
    { name: "after it was stopped", taken: false, says: /^stopped$/mu },
  ])("leaves nothing behind that keeps a process alive $name", async ({ taken, says }) => {
    await using port = await takePort();
    const listen = `127.0.0.1:${taken ? port.port : 0}`;
    await using child = startNode(["--input-type=module", "--eval", program(files.file, listen)]);
    expect(await child.ended).toBe(0);
    expect(child.output()).toMatch(says);
  });

  it("takes what a stop twice asks for once", async () => {
    const app = await startApp({ settings: await files.load(), env: {}, logger: silentLogger });
    await app.stop();
    await app.stop();
  });

  it("loads runbooks anew when it is asked to, and answers whether they were good", async () => {
    const app = await startApp({ settings: await files.load(), env: {}, logger: silentLogger });
    try {
      expect(await app.reload()).toBe(true);
    } finally {
      await app.stop();
    }
  });
});

describe("sealwatch serve", () => {
  it("loads neither Slack's nor Kubernetes' packages for an exporter alone", async () => {
    await using child = startNode([...TRACE, MAIN, "serve", "--config", files.file]);
    const address = await addressOf(child);
    const page = await fetch(`${address}/metrics`);
    expect(await page.text()).toContain("sealwatch_node_up");
    const loaded = loadedBy(child);
    // What it does need shows that the trace works.
    expect(loaded).toEqual(expect.arrayContaining(["express", "prom-client", "undici"]));
    expect(loaded.filter((name) => /^@slack\/|^@kubernetes\/|^@aws-sdk\/|^ws$/u.test(name))).toEqual([]);
  });

  it("would be seen to load Slack's packages", async () => {
    await using child = startNode([...TRACE, "--eval", 'import("./src/slack/app.ts")']);
    await child.ended;
    expect(loadedBy(child)).toContain("@slack/bolt");
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "ends within 2 s of %s with exit code 0, though a scraper is connected",
    async (signal) => {
      await using child = startNode([MAIN, "serve", "--config", files.file]);
      const address = await addressOf(child);
      // fetch keeps its connection open.
      expect((await fetch(`${address}/-/healthy`)).status).toBe(200);
      const began = performance.now();
      child.signal(signal);
      expect(await child.ended).toBe(0);
      expect(performance.now() - began).toBeLessThan(2000);
    },
  );

  it("ends with exit code 1 and one sentence when the port is taken", async () => {
    await using taken = await takePort();
    await using other = await temporaryDirectory();
    const { file } = await writeSettings(other.path, { listen: `127.0.0.1:${taken.port}` });
    await using child = startNode([MAIN, "serve", "--config", file]);
    expect(await child.ended).toBe(1);
    expect(child.output()).toMatch(/^sealwatch: cannot listen on 127\.0\.0\.1:\d+: EADDRINUSE; .*$/mu);
    expect(child.output()).not.toMatch(/^\s+at /mu);
  });
});

async function takePort(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, "close");
    },
  };
}

/** Starts, stops when it could be started, and then does nothing: a timer or a handle that is left would keep it alive. */
function program(file: string, listen: string): string {
  return `
    import { startApp } from "./src/app/app.ts";
    import { loadSettings } from "./src/app/load-settings.ts";
    import { silentLogger } from "./src/lib/logger.ts";
    const { settings } = await loadSettings(${JSON.stringify(file)}, {});
    settings.config.listen = ${JSON.stringify(listen)};
    try {
      const app = await startApp({ settings, env: {}, logger: silentLogger });
      await fetch(app.address + "/metrics").then((answer) => answer.text());
      await app.stop();
      console.log("stopped");
    } catch (error) {
      console.log(error.message);
    }`;
}

async function addressOf(child: Child): Promise<string> {
  return await waitFor("the address", async () => {
    if (child.hasEnded()) throw new Error(child.output());
    return /sealwatch listens on (?<address>\S+)/u.exec(child.output())?.groups?.["address"];
  });
}

function loadedBy(child: Child): readonly string[] {
  return [...child.output().matchAll(/^loads (?<name>\S+)$/gmu)].map(({ groups }) => groups?.["name"] ?? "");
}

/** The files that this process has open. */
function openFiles(): readonly string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}
