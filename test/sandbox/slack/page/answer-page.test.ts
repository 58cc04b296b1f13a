import { request } from "node:http";
import { describe, expect, it } from "@jest/globals";
import { PAGE_PATHS } from "../../../../src/sandbox/slack/page/answer-page.ts";
import { startSlackStandIn, type SlackStandIn } from "../../../../src/sandbox/slack/stand-in.ts";

async function open(): Promise<SlackStandIn> {
  return await startSlackStandIn({
    users: [{ id: "U1", name: "alice" }],
    channel: { id: "C1", name: "ops" },
    botToken: "xoxb-made-up",
    appToken: "xapp-made-up",
    clock: { now: () => 0 },
  });
}

/** `fetch` does not let a caller choose `host` and `origin`; a browser on a hostile page would. */
async function status(url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

describe("the stand-in's page", () => {
  it.each(PAGE_PATHS)("serves %s with a policy that lets nothing in from elsewhere", async (file) => {
    await using slack = await open();
    const response = await fetch(new URL(file, slack.pageUrl));
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(await response.text()).not.toMatch(/innerHTML|https?:\/\/(?!127|www\.w3\.org\/2000\/svg)/u);
  });

  it("serves no other file", async () => {
    await using slack = await open();
    for (const path of ["answer-page.ts", "../stand-in.ts", "%2e%2e/stand-in.ts", "index.html"])
      expect((await fetch(`${slack.pageUrl}${path}`)).status).toBe(404);
  });

  it("is for this machine's own browser only", async () => {
    await using slack = await open();
    const { host } = new URL(slack.pageUrl);
    expect(await status(`${slack.pageUrl}page/state`, { host: "evil.example" })).toBe(403);
    expect(await status(`${slack.pageUrl}page/state`, { host, origin: "http://evil.example" })).toBe(403);
    expect(await status(`${slack.pageUrl}page/state`, { host, origin: `http://${host}` })).toBe(200);
  });

  it("shows a person the channel and what only they see", async () => {
    await using slack = await open();
    const state = (await (await fetch(`${slack.pageUrl}page/state?as=U1`)).json()) as object;
    expect(state).toMatchObject({
      channel: { name: "ops" },
      users: [{ name: "alice" }],
      connected: false,
      messages: [],
      ephemerals: [],
      views: [],
    });
  });

  it("lets a person act, and says what is wrong with what cannot be done", async () => {
    await using slack = await open();
    const act = async (body: object): Promise<{ readonly status: number; readonly text: string }> => {
      const response = await fetch(`${slack.pageUrl}page/act`, { method: "POST", body: JSON.stringify(body) });
      return { status: response.status, text: await response.text() };
    };
    expect(await act({ act: "slash", as: "U1", command: "/vault", text: "" })).toEqual({
      status: 200,
      text: '{"outcome":"dispatch_failed"}',
    });
    expect(await act({ act: "click", as: "U1", target: "9.9", actionId: "a" })).toMatchObject({
      status: 400,
      text: "cannot click: no message fits",
    });
    expect(await act({ act: "explode", as: "U1" })).toMatchObject({ status: 400 });
  });
});
