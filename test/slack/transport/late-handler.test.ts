import { describe, expect, it } from "@jest/globals";
import { createLateHandler } from "../../../src/slack/transport/late-handler.ts";
import { serve } from "./serve.ts";

describe("the place where the bot will be", () => {
  it("asks slack to come again until the bot is there", async () => {
    const late = createLateHandler();
    await using served = await serve(late.handle);
    const early = await fetch(served.url, { method: "POST", body: "x" });
    expect([early.status, early.headers.get("retry-after")]).toEqual([503, "1"]);
    late.become(async (_request, response) => {
      response.writeHead(200);
      response.end("the bot");
      await Promise.resolve();
    });
    expect(await (await fetch(served.url, { method: "POST", body: "x" })).text()).toBe("the bot");
  });
});
