import { describe, expect, it } from "@jest/globals";
import { pause } from "../../src/actions/pause.ts";

describe("a pause between two looks", () => {
  it.each([{ milliseconds: 0 }, { milliseconds: -1 }])(
    "of $milliseconds ms asks nobody to wait",
    async ({ milliseconds }) => {
      const asked: number[] = [];
      const services = { pause: async (given: number) => void asked.push(await Promise.resolve(given)) };
      await pause({ services, signal: new AbortController().signal }, milliseconds);
      await pause({ services: {}, signal: new AbortController().signal }, milliseconds);
      expect(asked).toEqual([]);
    },
  );

  it("is as long as the services' own clock makes it", async () => {
    const asked: number[] = [];
    const services = { pause: async (given: number) => void asked.push(await Promise.resolve(given)) };
    await pause({ services, signal: new AbortController().signal }, 2000);
    expect(asked).toEqual([2000]);
  });

  it("ends with the signal", async () => {
    const ending = new AbortController();
    const waiting = pause({ services: {}, signal: ending.signal }, 60_000);
    ending.abort();
    await expect(waiting).resolves.toBeUndefined();
  });
});
