import { readFile, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { startApp, type App, type ServeFlags } from "../../src/app/app.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { HASH, makeCertificate, PASSWORD, writeWebConfig } from "../config/web-files.ts";
import { startPrometheus } from "../support/prometheus.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";
import { recordingLogger } from "./recording-logger.ts";
import { writeSettings, type SettingsFiles } from "./settings-files.ts";

type Running = {
  readonly app: App;
  readonly files: SettingsFiles;
  readonly directory: TemporaryDirectory;
  readonly entries: ReturnType<typeof recordingLogger>["entries"];
};

const running: Running[] = [];
afterEach(async () => {
  for (const { app, directory } of running.splice(0)) {
    await app.stop();
    await directory[Symbol.asyncDispose]();
  }
});

async function start(
  parts: object | ((directory: string) => Promise<object>),
  flags: (directory: string) => ServeFlags = () => ({}),
): Promise<Running> {
  const directory = await temporaryDirectory();
  const files = await writeSettings(directory.path, typeof parts === "function" ? await parts(directory.path) : parts);
  const { logger, entries } = recordingLogger();
  const app = await startApp({ settings: await files.load(), env: {}, logger, flags: flags(directory.path) });
  const started = { app, files, directory, entries };
  running.push(started);
  return started;
}

async function page(url: string): Promise<string> {
  return await (await fetch(url)).text();
}

const collectorsOn = (text: string): readonly string[] =>
  [...text.matchAll(/^sealwatch_collector_success\{.*collector="(?<name>[^"]+)"/gmu)].map(
    ({ groups }) => groups?.["name"] ?? "",
  );

describe("a reload of the exporter", () => {
  it("takes over collectors, modules, times and the old names, from the next scrape on", async () => {
    const { app, files } = await start({ exporter: { collectors: ["node"] } });
    expect(collectorsOn(await page(`${app.address}/metrics`))).toEqual(["node"]);
    expect((await fetch(`${app.address}/probe?target=prod&module=quick`)).status).toBe(400);

    const modules = { quick: { collectors: ["node"], timeout: "1s" } };
    await files.change({ exporter: { collectors: ["node", "leadership"], compatMetrics: true, modules } });
    const answer = await fetch(`${app.address}/-/reload`, { method: "POST" });

    expect([answer.status, await answer.text()]).toEqual([200, "reloaded\n"]);
    const after = await page(`${app.address}/metrics`);
    expect(collectorsOn(after)).toEqual(["node", "leadership", "compat"]);
    expect(after).toContain(`vault_up{vault_cluster="prod",vault_node="vault-0"} 0\n`);
    expect(after).toContain("sealwatch_config_last_reload_successful 1\n");
    expect((await fetch(`${app.address}/probe?target=prod&module=quick`)).status).toBe(200);
  });

  it("changes nothing when the file is bad, and says where", async () => {
    const { app, files } = await start({ exporter: { collectors: ["node"] } });

    await files.change({ exporter: { collectors: ["nod"] } });
    const answer = await fetch(`${app.address}/-/reload`, { method: "PUT" });

    expect(answer.status).toBe(500);
    expect(await answer.text()).toMatch(
      /^not everything was reloaded; the last good set stays:\n\S+sealwatch\.yaml:\d+:\d+: .*did you mean "node"\?/u,
    );
    const after = await page(`${app.address}/metrics`);
    expect(collectorsOn(after)).toEqual(["node"]);
    expect(after).toContain("sealwatch_config_last_reload_successful 0\n");
  });

  it("says what waits for the next start: the walk's bounds and the web configuration, but not what is taken over", async () => {
    const { app, files, entries } = await start({ exporter: { collectors: ["node"] } });

    await files.change({ exporter: { collectors: ["raft"], leaseWalk: { maxDepth: 2 }, timeout: "5s" } });
    await app.reload();

    expect(
      entries.flatMap(([level, , facts]) => (level === "warn" && facts["key"] !== undefined ? [facts["key"]] : [])),
    ).toEqual(["exporter.leaseWalk"]);
  });

  it("loses no scrape while it is reloaded again and again", async () => {
    const { app, files } = await start({ exporter: { collectors: ["node"] } });
    const statuses: number[] = [];
    const over = new AbortController();
    const scraping = [1, 2].map(async () => {
      while (!over.signal.aborted) {
        const response = await fetch(`${app.address}/metrics`);
        const text = await response.text();
        statuses.push(response.status);
        expect([["node"], ["node", "leadership"]]).toContainEqual(collectorsOn(text));
      }
    });

    for (let round = 0; round < 10; round++) {
      await files.change({ exporter: { collectors: round % 2 === 0 ? ["node", "leadership"] : ["node"] } });
      expect(await app.reload()).toBe(true);
    }
    over.abort();
    await Promise.all(scraping);

    expect(statuses.length).toBeGreaterThan(2);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describe("the exporter's page for people", () => {
  it("shows the last scrapes, and one of them with its calls; both escape what they show", async () => {
    const { app } = await start({ exporter: { collectors: ["node", "raft"] } });
    await page(`${app.address}/probe?target=prod/vault-0`);
    await page(`${app.address}/metrics`);

    const landing = await fetch(`${app.address}/exporter`);
    const text = await landing.text();

    expect(landing.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(text).toContain(`<a href="/probe?target=prod/vault-0">`);
    expect(text).toMatch(
      /<h3>all<\/h3>[\s\S]*incomplete[\s\S]*<b>raft<\/b> on prod: (?:no-leader|unreachable)[\s\S]*<h3>prod\/vault-0<\/h3>/u,
    );
    const [, id] = /\/exporter\/probes\/(?<id>\d+)/u.exec(text) ?? [];
    const one = await page(`${app.address}/exporter/probes/${id}`);
    expect(one).toContain("<code>GET sys/health</code>");
    expect(one).toContain("unreachable");
  });

  it.each(["0", "999", "x", "1e3"])("says that there is no scrape %s", async (id) => {
    const { app } = await start({});

    expect((await fetch(`${app.address}/exporter/probes/${id}`)).status).toBe(404);
  });
});

describeWith(["openssl", "prometheus"], "a protected exporter", () => {
  const protect = async (directory: string): Promise<string> => {
    const ca = await makeCertificate(directory, { name: "ca" });
    await makeCertificate(directory, { name: "server", san: "IP:127.0.0.1", by: ca });
    return await writeWebConfig(
      directory,
      `tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\nbasic_auth_users:\n  prometheus: ${HASH}\n`,
    );
  };

  it("is scraped by a real Prometheus over TLS with a password, and by nobody without; a new certificate does not interrupt it", async () => {
    const { app, directory } = await start(async (path) => ({ exporter: { webConfigFile: await protect(path) } }));
    const ca = join(directory.path, "ca.crt");
    const targets = [new URL(app.address).host];
    const protection = { scheme: "https", tls_config: { ca_file: ca } };
    const basic_auth = { username: "prometheus", password: PASSWORD };
    await using data = await temporaryDirectory();
    await using prometheus = await startPrometheus({
      directory: data.path,
      rules: [],
      scrape: [
        { job: "known", targets, protection: { ...protection, basic_auth } },
        { job: "stranger", targets, protection },
      ],
    });
    const value = async (query: string): Promise<number | undefined> => (await prometheus.query(query))[0]?.value;

    await waitFor("a scrape", async () => (await value(`up{job="known"}`)) === 1 || undefined, { everyMs: 100 });
    await waitFor("a refusal", async () => (await value(`up{job="stranger"}`)) === 0 || undefined, { everyMs: 100 });
    expect(await value(`sealwatch_web_config_last_reload_successful{job="known"}`)).toBe(1);
    expect(await prometheus.query(`sealwatch_build_info{job="stranger"}`)).toEqual([]);

    await makeCertificate(directory.path, {
      name: "server",
      san: "IP:127.0.0.1",
      by: { cert: ca, key: join(directory.path, "ca.key") },
    });
    const loadedAt = `sealwatch_web_config_last_reload_success_timestamp_seconds{job="known"}`;
    await waitFor("the new certificate", async () => (await value(`changes(${loadedAt}[1m])`)) === 1 || undefined, {
      everyMs: 100,
    });
    expect(await value(`min_over_time(up{job="known"}[10s])`)).toBe(1);
  });

  it("leaves the webhook its own token, and asks for no login there", async () => {
    const { app, directory } = await start(
      async (path) => {
        await protect(path);
        await writeFile(join(path, "webhook-token"), "webhook-token-1");
        return { alertmanager: { token: { file: join(path, "webhook-token") } } };
      },
      (path) => ({ webConfigFile: join(path, "web.yaml") }),
    );
    const ca = await readFile(join(directory.path, "ca.crt"));
    const post = async (headers: Record<string, string>): Promise<number> => {
      const asking = request(`${app.address}/alertmanager`, { method: "POST", ca, headers, agent: false }).end("{}");
      const [response] = (await once(asking, "response")) as [{ statusCode: number; resume: () => void }];
      response.resume();
      return response.statusCode;
    };

    expect(await post({})).toBe(401);
    expect(await post({ authorization: "Bearer wrong" })).toBe(401);
    expect(await post({ authorization: "Bearer webhook-token-1" })).toBe(400);
  });

  it("does not start in the clear when its web configuration is bad", async () => {
    await expect(start({ exporter: { webConfigFile: "/nowhere/web.yaml" } })).rejects.toThrow(
      "cannot protect the server: /nowhere/web.yaml:1:1: cannot be read (ENOENT)",
    );
  });
});
