import { webApi } from "@slack/bolt";
import { describe, expect, it } from "@jest/globals";
import { createTokenCheck } from "../../src/slack/token-check.ts";
import { until } from "./world.ts";

type Answer = () => Promise<string>;

const unclear: Answer = async () => await Promise.reject(new Error("no answer in 10 s"));
const refused: Answer = async () =>
  await Promise.reject(new webApi.WebAPIPlatformError({ ok: false, error: "invalid_auth" }));
const proven: Answer = async () => await Promise.resolve("U0SEALWATCH");

/** A check over scripted answers, called twice in one turn. */
async function checkTwice(answers: readonly Answer[], done: string) {
  const logs: string[] = [];
  const waits: number[] = [];
  const left = [...answers];
  const log = (message: string): void => void logs.push(message);
  const check = createTokenCheck({
    outgoing: { whoAmI: async () => await (left.shift() ?? unclear)() },
    logger: { debug: log, info: log, warn: log, error: log },
    delay: async (milliseconds) => void waits.push(await Promise.resolve(milliseconds)),
    signal: new AbortController().signal,
  });
  check();
  check();
  await until(() => logs.includes(done));
  return { logs, waits, left: left.length };
}

describe("proving the bot token", () => {
  it("asks again, with growing pauses, until slack gives a clear answer, and one at a time", async () => {
    const { logs, waits, left } = await checkTwice([unclear, unclear, unclear, proven, proven], "connected to slack");
    expect(waits).toEqual([1000, 2000, 4000]);
    expect(logs).toHaveLength(4);
    expect(left).toBe(1);
  });

  it("takes a refusal for an answer", async () => {
    const said = "slack refuses the bot token; cards cannot be posted";
    const { logs, waits } = await checkTwice([refused, proven], said);
    expect(logs).toEqual([said]);
    expect(waits).toEqual([]);
  });
});
