import type { LookupAddress } from "node:dns";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { createDispatcher } from "../../src/vault/dispatcher.ts";
import { createSharedLookup } from "../../src/vault/shared-lookup.ts";
import { createManualTime, settled } from "../runner/manual-time.ts";

const FIRST: readonly LookupAddress[] = [{ address: "192.0.2.1", family: 4 }];
const NEXT: readonly LookupAddress[] = [
  { address: "192.0.2.2", family: 4 },
  { address: "2001:db8::2", family: 6 },
];

/** A name server whose answers a test gives by hand, in the order of the questions. */
function begin() {
  const time = createManualTime();
  const questions: { readonly host: string; readonly answer: PromiseWithResolvers<readonly LookupAddress[]> }[] = [];
  const lookup = createSharedLookup({
    ...time.clock,
    ...time.timers,
    addresses: async (host) => {
      const answer = Promise.withResolvers<readonly LookupAddress[]>();
      questions.push({ host, answer });
      return await answer.promise;
    },
  });
  const all = promisify((host: string, done: (error: Error | null, addresses: unknown) => void) => {
    lookup(host, { all: true }, done);
  });
  return { time, questions, lookup, all };
}

describe("a lookup", () => {
  it("asks for a name once at a time, whoever wants it", async () => {
    const { questions, all } = begin();
    const answers = Promise.all([all("a"), all("a"), all("b")]);
    expect(questions.map(({ host }) => host)).toEqual(["a", "b"]);

    questions[0]?.answer.resolve(FIRST);
    questions[1]?.answer.resolve(NEXT);

    expect(await answers).toEqual([FIRST, FIRST, NEXT]);
  });

  it("takes a new answer that comes in time", async () => {
    const { questions, all, time } = begin();
    const first = all("a");
    questions[0]?.answer.resolve(FIRST);
    await first;

    const second = all("a");
    questions[1]?.answer.resolve(NEXT);

    expect(await second).toEqual(NEXT);
    expect(time.pending()).toBe(0);
  });

  it("takes the last addresses when the answer is late, and asks no second time meanwhile", async () => {
    const { questions, all, time } = begin();
    const first = all("a");
    questions[0]?.answer.resolve(FIRST);
    await first;

    const late = all("a");
    await time.advance(300);
    expect(await late).toEqual(FIRST);
    const later = all("a");
    await time.advance(300);
    expect(await later).toEqual(FIRST);
    expect(questions).toHaveLength(2);

    questions[1]?.answer.resolve(NEXT);
    await settled();
    const last = all("a");
    await time.advance(300);
    expect(await last).toEqual(NEXT);
  });

  it("does not take addresses that are older than ten minutes", async () => {
    const { questions, all, time } = begin();
    const first = all("a");
    questions[0]?.answer.resolve(FIRST);
    await first;
    await time.advance(600_001);

    const second = all("a");
    await time.advance(60_000);
    questions[1]?.answer.resolve(NEXT);

    expect(await second).toEqual(NEXT);
  });

  it("gives a failure to everybody who waits, and asks anew afterwards", async () => {
    const { questions, all } = begin();
    const failing = Promise.allSettled([all("a"), all("a")]);
    questions[0]?.answer.reject(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }));

    expect(await failing).toMatchObject([{ reason: { code: "ENOTFOUND" } }, { reason: { code: "ENOTFOUND" } }]);
    void all("a");
    expect(questions).toHaveLength(2);
  });

  it("gives one address to whoever wants one", () => {
    const { questions, lookup } = begin();
    const { promise, resolve } = Promise.withResolvers<unknown>();
    lookup("a", {}, (...answer) => resolve(answer));
    questions[0]?.answer.resolve(NEXT);
    return expect(promise).resolves.toEqual([null, "192.0.2.2", 4]);
  });

  it("serves connections", async () => {
    await using server = createServer((request, response) => response.end(request.headers.host));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { questions, lookup } = begin();
    const dispatcher = createDispatcher({ tls: undefined, connectMs: 5000, lookup });

    const asked = dispatcher.request({ origin: `http://vault-0.internal:${port}`, path: "/", method: "GET" });
    while (questions.length === 0) await settled();
    questions[0]?.answer.resolve([{ address: "127.0.0.1", family: 4 }]);

    expect(await (await asked).body.text()).toBe(`vault-0.internal:${port}`);
    await dispatcher.close();
  });
});
