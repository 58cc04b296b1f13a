import { webApi } from "@slack/bolt";
import { describe, expect, it } from "@jest/globals";
import { createTokenCheck, type TokenCheck } from "../../src/slack/token-check.ts";
import type { Identity } from "../../src/slack/outgoing.ts";
import { until } from "./until.ts";

type Answer = () => Promise<Identity>;

const US: Identity = { userId: "U0SEALWATCH", teamId: "T1", enterpriseId: undefined, botId: "B1" };
const unclear: Answer = async () => await Promise.reject(new Error("no answer in 10 s"));
const refused: Answer = async () =>
  await Promise.reject(new webApi.WebAPIPlatformError({ ok: false, error: "invalid_auth" }));
const proven: Answer = async () => await Promise.resolve(US);

type Checked = TokenCheck & { readonly logs: string[]; readonly waits: number[]; readonly left: Answer[] };

/** A check over scripted answers; without more of them Slack gives no clear answer. */
function checkOver(answers: readonly Answer[]): Checked {
  const logs: string[] = [];
  const waits: number[] = [];
  const left = [...answers];
  const log = (message: string): void => void logs.push(message);
  const made = createTokenCheck({
    outgoing: { whoAmI: async () => await (left.shift() ?? unclear)() },
    logger: { debug: log, info: log, warn: log, error: log },
    delay: async (milliseconds) => {
      waits.push(milliseconds);
      await new Promise((resolve) => setImmediate(resolve));
    },
    signal: new AbortController().signal,
  });
  return { ...made, logs, waits, left };
}

describe("proving the bot token", () => {
  it("asks again, with growing pauses, until slack gives a clear answer, and one at a time", async () => {
    const { check, logs, waits, left } = checkOver([unclear, unclear, unclear, proven, proven]);
    check();
    check();
    await until(() => logs.includes("connected to slack"));
    expect(waits).toEqual([1000, 2000, 4000]);
    expect(logs).toHaveLength(4);
    expect(left).toHaveLength(1);
  });

  it("takes a refusal for an answer", async () => {
    const said = "slack refuses the bot token; cards cannot be posted";
    const { check, logs, waits } = checkOver([refused, proven]);
    check();
    check();
    await until(() => logs.includes(said));
    expect(logs).toEqual([said]);
    expect(waits).toEqual([]);
  });
});

describe("who we are", () => {
  it("is asked once for everybody who wants to know at the same time, and then known", async () => {
    const { identity, left } = checkOver([unclear, proven, proven]);
    expect(await Promise.all([identity(), identity(), identity()])).toEqual([US, US, US]);
    expect(await identity()).toEqual(US);
    expect(left).toHaveLength(1);
  });

  it("is not known while the token is refused, and asked again by the next who wants to know", async () => {
    const { identity, left } = checkOver([refused, proven]);
    expect(await identity()).toBeUndefined();
    expect(await identity()).toEqual(US);
    expect(left).toEqual([]);
  });

  it("stays known when a later proof fails", async () => {
    const { check, identity, logs } = checkOver([proven, refused]);
    expect(await identity()).toEqual(US);
    check();
    await until(() => logs.includes("slack refuses the bot token; cards cannot be posted"));
    expect(await identity()).toEqual(US);
  });

  it("is not waited for longer than somebody waits for a click", async () => {
    const never: Answer = async () => await new Promise(() => {});
    const { identity } = checkOver([never]);
    expect(await identity()).toBeUndefined();
  });
});
