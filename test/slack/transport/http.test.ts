import { describe, expect, it } from "@jest/globals";
import type { App } from "@slack/bolt";
import { signBody } from "../../../src/sandbox/slack/signature.ts";
import { commandBody, NOW, openSite, payloadBody, SIGNING_SECRET, type Site } from "./serve.ts";

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** An app that remembers which commands reached it, and acks them. */
function commands(): { readonly reached: string[]; readonly register: (app: App) => void } {
  const reached: string[] = [];
  return {
    reached,
    register: (app) => {
      app.command("/vault", async ({ ack, command }) => {
        reached.push(command.text);
        await ack();
      });
    },
  };
}

describe("a signed request", () => {
  it("reaches the app, and its ack is the answer", async () => {
    const { reached, register } = commands();
    await using site = await openSite(register);
    const answer = await site.signed(commandBody("status"));
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
    expect(reached).toEqual(["status"]);
    expect(site.observer).toMatchObject({ acks: ["command"], refusals: [], signs: 1 });
  });

  it("is answered with the ack's words", async () => {
    await using site = await openSite((app) => {
      app.view(/.*/u, async ({ ack }) => await ack({ response_action: "errors", errors: { field: "why" } }));
    });
    const answer = await site.signed(
      payloadBody({ type: "view_submission", user: { id: "U1" }, team: { id: "T1" }, view: { callback_id: "x" } }),
    );
    expect(await answer.json()).toEqual({ response_action: "errors", errors: { field: "why" } });
    expect(site.observer.acks).toEqual(["submission"]);
  });

  it.each([
    {
      name: "with a charset behind its type",
      headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
    },
    { name: "without a type that helps", headers: { "content-type": "text/plain" } },
  ])("reaches the app $name", async ({ headers }) => {
    const { reached, register } = commands();
    await using site = await openSite(register);
    expect((await site.signed(commandBody(), headers)).status).toBe(200);
    expect(reached).toEqual(["help"]);
  });

  it("tells the app that an event is delivered again", async () => {
    const retries: unknown[] = [];
    await using site = await openSite((app) => {
      app.event(/.*/u, async ({ context }) => void retries.push(context.retryNum));
    });
    const event = {
      type: "event_callback",
      team_id: "T1",
      event_id: "E1",
      event: { type: "app_home_opened", user: "U1" },
    };
    expect((await site.signed(JSON.stringify(event), { "x-slack-retry-num": "2" })).status).toBe(200);
    expect(retries).toEqual([2]);
    expect(site.observer.acks).toEqual(["event"]);
  });

  it("is not needed where slack only looks at the certificate, and nothing else of that counts", async () => {
    const { reached, register } = commands();
    await using site = await openSite(register);
    expect((await site.post(`ssl_check=1&${commandBody()}`)).status).toBe(200);
    expect((await site.post(`${commandBody()}&ssl_check=1`)).status).toBe(200);
    expect(reached).toEqual([]);
    expect(site.observer).toMatchObject({ refusals: [], acks: [], signs: 0 });
  });

  it("proves to slack that the address is ours", async () => {
    await using site = await openSite();
    const answer = await site.signed(JSON.stringify({ type: "url_verification", challenge: "made-up" }));
    expect(await answer.json()).toEqual({ challenge: "made-up" });
  });
});

describe("what cannot be slack's, or is not new", () => {
  const body = commandBody("status canary-in-the-body");
  const at = (offset: number) => signBody(SIGNING_SECRET, body, seconds(NOW) + offset);
  const right = at(0);

  it.each([
    {
      name: "without a signature",
      headers: { "x-slack-request-timestamp": String(seconds(NOW)) },
      reason: "bad_signature",
    },
    { name: "without a stamp", headers: { "x-slack-signature": right["x-slack-signature"] }, reason: "bad_signature" },
    { name: "signed with another secret", headers: signBody("another", body, seconds(NOW)), reason: "bad_signature" },
    {
      name: "signed for another body",
      headers: signBody(SIGNING_SECRET, `${body}&more=1`, seconds(NOW)),
      reason: "bad_signature",
    },
    {
      name: "with more behind its signature",
      headers: { ...right, "x-slack-signature": `${right["x-slack-signature"]}=more` },
      reason: "bad_signature",
    },
    { name: "of another version", headers: { ...right, "x-slack-signature": "v1=00" }, reason: "bad_signature" },
    { name: "stamped 301 s ago", headers: at(-301), reason: "bad_timestamp" },
    { name: "stamped 301 s ahead", headers: at(301), reason: "bad_timestamp" },
    { name: "stamped a day ahead", headers: at(86_400), reason: "bad_timestamp" },
    {
      name: "with no number for a stamp",
      headers: { ...right, "x-slack-request-timestamp": "soon" },
      reason: "bad_timestamp",
    },
  ] as const)("is refused, counted and not repeated in the log: $name", async ({ headers, reason }) => {
    const { reached, register } = commands();
    await using site = await openSite(register);
    const answer = await site.post(body, headers);
    expect([answer.status, await answer.text()]).toEqual([401, ""]);
    expect(reached).toEqual([]);
    expect(site.observer).toMatchObject({ refusals: [reason], acks: [], signs: 0 });
    expect(site.logs.join("\n")).not.toContain("canary");
  });

  it.each([{ offset: -300 }, { offset: 300 }])(
    "is taken at the edge of five minutes: $offset s",
    async ({ offset }) => {
      await using site = await openSite(commands().register);
      expect((await site.post(body, at(offset))).status).toBe(200);
    },
  );

  it("is refused the second time, to the end of the time in which its stamp would count", async () => {
    const { reached, register } = commands();
    await using site = await openSite(register);
    const ahead = at(300);
    expect((await site.post(body, ahead)).status).toBe(200);
    expect((await site.post(body, ahead)).status).toBe(401);
    site.now = NOW + 600_000 - 1;
    expect((await site.post(body, ahead)).status).toBe(401);
    expect(reached).toHaveLength(1);
    expect(site.observer.refusals).toEqual(["replayed", "replayed"]);
  });

  it("is taken when only its moment differs", async () => {
    const { reached, register } = commands();
    await using site = await openSite(register);
    expect((await site.signed(body)).status).toBe(200);
    site.now += 1000;
    expect((await site.signed(body)).status).toBe(200);
    expect(reached).toHaveLength(2);
  });
});

describe("a request that makes no sense", () => {
  const malformed = async (site: Site, body: string): Promise<number> => (await site.signed(body)).status;

  it.each([
    { name: "null", body: "null", status: 404 },
    { name: "broken JSON", body: '{"type":', status: 400 },
    { name: "a list", body: payloadBody([] as unknown as Record<string, unknown>), status: 400 },
    { name: "a payload that is no JSON", body: "payload=%7B", status: 400 },
    { name: "nothing", body: "", status: 400 },
    { name: "an event without an event", body: JSON.stringify({ type: "event_callback" }), status: 404 },
    { name: "an event that is null", body: JSON.stringify({ type: "event_callback", event: null }), status: 500 },
    { name: "a kind of thing that nobody knows", body: payloadBody({ type: "hologram" }), status: 404 },
    {
      name: "a shortcut, to which nobody listens",
      body: payloadBody({ type: "shortcut", callback_id: "x", user: { id: "U1" }, team: { id: "T1" } }),
      status: 404,
    },
    { name: "that slack holds back events", body: JSON.stringify({ type: "app_rate_limited" }), status: 200 },
  ])("is answered and leaves the next one alone: $name", async ({ body, status }) => {
    const { reached, register } = commands();
    await using site = await openSite(register);
    expect(await malformed(site, body)).toBe(status);
    expect((await site.signed(commandBody())).status).toBe(200);
    expect(reached).toEqual(["help"]);
  });

  it.each([
    { name: "with its length told", stream: false },
    { name: "without", stream: true },
  ])("is not read when it is above 1 MiB: $name", async ({ stream }) => {
    await using site = await openSite();
    const body = "x".repeat(1024 * 1024 + 1);
    const init = stream ? { body: new Blob([body]).stream(), duplex: "half" as const } : { body };
    // Node may end the connection before the answer was read, as the body was not.
    const answer = await fetch(site.url, { method: "POST", ...init }).then(
      ({ status }) => status,
      () => "cut off",
    );
    expect([413, "cut off"]).toContain(answer);
    expect(site.observer.refusals).toEqual([]);
  });

  it("is told to come again when the bot has stopped", async () => {
    await using site = await openSite(commands().register);
    await site.transport.stop();
    const answer = await site.signed(commandBody());
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(site.transport.state()).toBe("stopped");
  });

  it("gets a 500, and no more, when the app fails before its ack", async () => {
    await using site = await openSite((app) => {
      app.command("/vault", async () => await Promise.reject(new Error("canary of the inside")));
    });
    const answer = await site.signed(commandBody());
    expect([answer.status, await answer.text()]).toEqual([500, ""]);
  });
});
