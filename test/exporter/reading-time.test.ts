import { once } from "node:events";
import { connect } from "node:net";
import { expect, it } from "@jest/globals";
import type { Timers } from "../../src/lib/clock.ts";
import { fakeCluster } from "./fake-cluster.ts";
import { serve } from "./serve.ts";

/** More than the buffers of both ends hold together, so that a page is never out before it is read. */
const help = "x".repeat(32 * 1024 * 1024);

it("a client that does not read its page loses its place", async () => {
  const waiting = new Map<() => void, number>();
  const timers: Timers = {
    after: (milliseconds, callback) => {
      waiting.set(callback, milliseconds);
      return () => void waiting.delete(callback);
    },
  };
  const self = {
    families: async () =>
      await Promise.resolve([{ name: "large", help, type: "gauge" as const, samples: [{ value: 1 }] }]),
  };
  await using served = await serve({ clusters: [fakeCluster({ name: "prod", nodes: [] })], timers, self });
  const clients = [1, 2, 3, 4].map(() => connect(Number(new URL(served.url).port), "127.0.0.1"));
  for (const client of clients) client.pause().write("GET /metrics HTTP/1.1\r\nHost: sealwatch\r\n\r\n");
  while ((await status(served.url)) !== 503);
  expect([...waiting.values()]).toEqual([39_000, 39_000, 39_000, 39_000]);

  for (const end of waiting.keys()) end();
  await Promise.all(clients.map(async (client) => await once(client.resume(), "close")));

  while ((await status(served.url)) !== 200);
  expect(waiting.size).toBe(0);
});

/** Of the headers alone: they take a place too, but for no time. */
async function status(url: string): Promise<number> {
  return (await fetch(`${url}/metrics`, { method: "HEAD" })).status;
}
