import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { FailureError } from "../../../src/lib/failure.ts";
import type { LeaseList } from "../../../src/exporter/lease-walk/key-counter.ts";
import { scanKeys } from "../../../src/exporter/lease-walk/scan-keys.ts";

const LEASE = `h${"0123456789abcdef".repeat(4)}`;

describe("scanKeys", () => {
  it("counts the leases of Vault's answer and holds its prefixes", async () => {
    const answer = { ...envelope(["login/", LEASE, "creds/", LEASE]), warnings: ["keys", "data"] };

    expect(await scan(JSON.stringify(answer))).toEqual({ leases: 2, prefixes: ["login/", "creds/"], prefixCount: 2 });
  });

  it.each([
    { name: "an escaped slash at its end", keys: String.raw`["a\/","b\u002f","\u002f"]`, prefixes: ["a/", "b/", "/"] },
    { name: "a quote and a backslash in it", keys: String.raw`["a\"/","b\\/"]`, prefixes: [`a"/`, String.raw`b\/`] },
    { name: "letters of several bytes", keys: `["für/","日本/","🔑/"]`, prefixes: ["für/", "日本/", "🔑/"] },
    { name: "what looks like the end of the list", keys: `["]}}/","[{/"]`, prefixes: ["]}}/", "[{/"] },
  ])("reads a prefix with $name, wherever the bytes are cut", async ({ keys, prefixes }) => {
    const text = `{"data":{"keys":${keys}}}`;

    for (const size of [1, 2, 3, 5, 1000]) {
      expect(await scan(text, { size })).toEqual({ leases: 0, prefixes, prefixCount: prefixes.length });
    }
  });

  it("holds no more prefixes than it may, and counts all of them", async () => {
    const text = JSON.stringify(envelope(["a/", LEASE, "b/", "c/"]));

    expect(await scan(text, { maxPrefixes: 2 })).toEqual({ leases: 1, prefixes: ["a/", "b/"], prefixCount: 3 });
  });

  it.each([
    { name: "an empty list", text: `{"data":{"keys":[]}}`, leases: 0 },
    { name: "space everywhere", text: ` { "data" : { "keys" : [ "a" , "b" ] } } \n`, leases: 2 },
    {
      name: "members before and behind",
      text: `{"a":[1,{"keys":["x"]}],"data":{"b":{},"keys":["a"],"c":[[]]}}`,
      leases: 1,
    },
    { name: "names that are written with escapes", text: String.raw`{"d\u0061ta":{"\u006beys":["a"]}}`, leases: 1 },
    { name: "keys at other places too", text: `{"keys":["x"],"auth":{"keys":["x"]},"data":{"keys":["a"]}}`, leases: 1 },
    {
      name: "two members of one name, of which the last counts",
      text: `{"data":{"keys":["a","b"],"keys":["c"]}}`,
      leases: 1,
    },
  ])("reads $name", async ({ text, leases }) => {
    expect((await scan(text, { size: 4 })).leases).toBe(leases);
  });

  it.each([
    { name: "nothing", text: "" },
    { name: "a page of a proxy", text: "<html><body>Sign in</body></html>" },
    { name: "no data", text: `{"data":null}` },
    { name: "no keys", text: `{"data":{}}` },
    { name: "keys that are no list", text: `{"data":{"keys":"a"}}` },
    { name: "keys that are not all strings", text: `{"data":{"keys":["a",1]}}` },
    { name: "a list at the place of the data", text: `{"x":{"keys":1},"data":[["a"]]}` },
    { name: "a list at the top", text: `[{"keys":["a"]}]` },
    { name: "a list that ends with a comma", text: `{"data":{"keys":["a",]}}` },
    { name: "strings without a comma", text: `{"data":{"keys":["a""b"]}}` },
    { name: "an escape that JSON does not have", text: String.raw`{"data":{"keys":["\x"]}}` },
    { name: "something behind the end", text: `{"data":{"keys":["a"]}}{}` },
    { name: "a key without an end", text: `{"data":{"keys":["${"a".repeat(70_000)}` },
    { name: "an endless envelope", text: `{"warnings":[${"1,".repeat(40_000)}1],"data":{"keys":["a"]}}` },
  ])("refuses $name, and quotes nothing of it", async ({ text }) => {
    const failure = await scan(text, { size: 1000 }).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(FailureError);
    expect(failure).toMatchObject({
      reason: "invalid-answer",
      message: `cannot read leases on vault-0: its body is not the list that Vault sends; check that Vault answers and not a proxy`,
    });
  });

  it("passes on why an answer broke off", async () => {
    const broken = (async function* () {
      yield Buffer.from(`{"data":{"keys":["a"`);
      await Promise.reject(new FailureError({ reason: "timeout", retryable: true, message: "too late" }));
    })();

    await expect(scanKeys(broken, { maxPrefixes: 9, what: "x" })).rejects.toMatchObject({ reason: "timeout" });
  });
});

describe("scanKeys beside JSON.parse", () => {
  const key = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string().map((text) => `${text}/`),
    fc.constant(LEASE),
  );
  const others = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 });
  const answer = fc
    .record({
      keys: fc.oneof(fc.array(key), fc.jsonValue()),
      around: others,
      beside: others,
      spaces: fc.nat({ max: 3 }),
    })
    .map(({ keys, around, beside, spaces }) =>
      JSON.stringify({ ...around, data: { ...beside, keys } }, undefined, spaces),
    );
  const size = fc.integer({ min: 1, max: 40 });

  it("finds the same in every answer, wherever it is cut into chunks", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(answer, fc.json()), size, async (text, chunk) => {
        expect(await outcome(text, chunk)).toEqual(expected(text));
      }),
      { numRuns: 500 },
    );
  });

  it("refuses every answer that was cut off", async () => {
    await fc.assert(
      fc.asyncProperty(answer, size, fc.double({ min: 0, max: 1, noNaN: true }), async (text, chunk, part) => {
        const bytes = Buffer.from(text);
        const cut = bytes.subarray(0, Math.floor(part * (bytes.length - 1)));
        expect(await outcome(cut, chunk)).toBe("refused");
      }),
    );
  });

  it("finds the same in damaged answers, or refuses them as JSON.parse does, but for control characters in keys", async () => {
    const damage = fc.record({
      at: fc.nat(),
      with: fc.constantFrom(...'[]{}",:\\/ax0 é'.split(""), "null", '"keys":['),
    });
    await fc.assert(
      fc.asyncProperty(answer, fc.array(damage, { minLength: 1, maxLength: 3 }), size, async (text, damages, chunk) => {
        const damaged = damages.reduce((held, { at, with: put }) => {
          const place = at % (held.length + 1);
          return held.slice(0, place) + put + held.slice(place + 1);
        }, text);
        expect(await outcome(damaged, chunk)).toEqual(expected(damaged));
      }),
      { numRuns: 1000 },
    );
  });
});

function envelope(keys: readonly string[]) {
  return { request_id: "1", lease_id: "", renewable: false, data: { keys }, wrap_info: null, auth: null };
}

async function scan(text: string | Buffer, { size = 7, maxPrefixes = 1000 } = {}): Promise<LeaseList> {
  return await scanKeys(chunks(Buffer.from(text), size), { maxPrefixes, what: "leases on vault-0" });
}

async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

type Outcome = Omit<LeaseList, "prefixCount"> | "refused";

async function outcome(text: string | Buffer, size: number): Promise<Outcome> {
  try {
    const { leases, prefixes } = await scan(text, { size });
    return { leases, prefixes };
  } catch (error) {
    if (error instanceof FailureError && error.reason === "invalid-answer") return "refused";
    throw error;
  }
}

/** What one finds who holds all of the answer. */
function expected(text: string): Outcome {
  const keys = keysOf(text);
  if (!Array.isArray(keys) || keys.some((key) => typeof key !== "string")) return "refused";
  const prefixes = keys.filter((key: string) => key.endsWith("/"));
  return { leases: keys.length - prefixes.length, prefixes };
}

function keysOf(text: string): unknown {
  try {
    return (JSON.parse(Buffer.from(text).toString("utf8")) as { data?: { keys?: unknown } } | null)?.data?.keys;
  } catch {
    return undefined;
  }
}
