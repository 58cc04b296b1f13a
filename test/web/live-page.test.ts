import { afterAll, afterEach, beforeAll, expect, it } from "@jest/globals";
import { chromium, type Browser, type Page } from "playwright-core";
import { startHttpServer, type HttpServer } from "../../src/http/server.ts";
import type { LoadedRun } from "../../src/runner/ports.ts";
import { createWebRouter } from "../../src/web/router.ts";
import { requireBinary } from "../support/binaries.ts";
import { describeWith } from "../support/real.ts";
import { fakeCluster } from "./fake-cluster.ts";
import { atGate, loaded, lostPeer, manual, NIGHT, resolved, shownRuns } from "./runs.ts";

/** Chromium looks for its maker's hosts unless it is told not to. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

describeWith(["chromium"], "a run's page in a browser", () => {
  let browser: Browser;
  let current: LoadedRun;
  let server: HttpServer;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: requireBinary("chromium"), args: QUIET });
  });
  afterAll(async () => await browser.close());
  afterEach(async () => {
    await page.close();
    await server.close();
  });

  async function open(run: LoadedRun, listen = "127.0.0.1:0"): Promise<void> {
    current = run;
    server = await serve(listen);
    page = await browser.newPage({ viewport: { width: 390, height: 800 } });
    complaints = [];
    page.on("console", (message) => void complaints.push(message.text()));
    page.on("pageerror", (error) => void complaints.push(error.message));
    await page.goto(`${server.address}/runs/R1`);
  }

  async function serve(listen: string): Promise<HttpServer> {
    const router = createWebRouter({
      runs: {
        get: async (id) => (id === "R1" ? current : undefined),
        list: shownRuns().list,
      },
      exportRun: async () => undefined,
      catalog: () => new Map([[lostPeer.id, { runbook: lostPeer }]]),
      clusters: [fakeCluster("prod", {})],
      clock: { now: () => NIGHT + 120_000 },
    });
    return await startHttpServer({ listen, routers: [router] });
  }

  it("follows the run by itself to its end, keeps open what was opened, and breaks no rule of its own policy", async () => {
    await open(loaded(manual));
    await page.getByText("Work for a human").waitFor();
    await page.locator("#runbook-text summary").click();
    current = loaded(atGate);
    await page.getByText("Approval needed").waitFor();
    expect(await page.locator("#runbook-text").getAttribute("open")).not.toBeNull();
    expect(await page.title()).toBe("waiting: A node is lost for good · sealwatch");
    current = loaded(resolved);
    await page.locator(".chip", { hasText: "resolved" }).waitFor();
    expect(await page.locator("main").getAttribute("data-live")).toBeNull();
    expect(complaints).toEqual([]);
  });

  it("says that it is old while the server does not answer, and no more when it does", async () => {
    await open(loaded(manual));
    const listen = server.address.slice("http://".length);
    await server.close();
    await page.getByText("sealwatch does not answer: this page is as of").waitFor();
    current = loaded(atGate);
    server = await serve(listen);
    await page.getByText("Approval needed").waitFor();
    await page.getByText("sealwatch does not answer").waitFor({ state: "hidden" });
  });

  it("does not take a command away while someone copies it", async () => {
    await open(loaded(manual));
    await page.getByText("ping -c1 vault-2").selectText();
    const asked = page.waitForResponse(async (answer) => (await answer.text()).includes(`"version":${atGate.length}`));
    current = loaded(atGate);
    await asked;
    expect(await page.evaluate("String(getSelection())")).toContain("ping -c1 vault-2");
    await page.evaluate("getSelection().removeAllRanges()");
    await page.getByText("Approval needed").waitFor();
  });

  it.each([
    { name: "phone", width: 320 },
    { name: "desktop", width: 1280 },
  ])("fits the width of a $name", async ({ width }) => {
    await open(loaded(atGate));
    for (const path of ["/", "/runs/R1", "/runbooks/lost-peer?cluster=prod"]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(server.address + path);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    }
  });
});
