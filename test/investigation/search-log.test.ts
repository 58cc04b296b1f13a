import { gzipSync } from "node:zlib";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { openLog, STDIN } from "../../src/investigation/open-log.ts";
import type { RecordFilter } from "../../src/investigation/record-filter.ts";
import { searchLogs, type Found, type SearchOptions } from "../../src/investigation/search-log.ts";
import { settle } from "../contracts/action.contract.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

type Given = {
  readonly id?: string;
  readonly type?: "request" | "response";
  readonly at?: number;
  readonly accessor?: string;
  readonly name?: string;
  readonly path?: string;
  readonly operation?: string;
  readonly error?: string;
  readonly response?: object;
  readonly data?: object;
};

let ids = 0;

/** A record as OpenBao 2.7.2 writes it, in its order; the time is in seconds of one minute. */
function record(given: Given = {}): string {
  const { id = `id-${ids++}`, type = "request", at = 0, accessor = "hmac-sha256:aa", name = "token-ci" } = given;
  const { path = "secret/data/app", operation = "read", error, response, data } = given;
  const who = accessor === "" ? {} : { client_token_accessor: accessor };
  return JSON.stringify({
    time: `2026-01-01T00:00:${String(at).padStart(2, "0")}.123456789Z`,
    type,
    auth: accessor === "" ? { token_type: "default" } : { accessor, display_name: name, entity_id: `of ${name}` },
    request: { id, operation, mount_point: "secret/", ...who, path, data, remote_address: "10.1.2.3" },
    ...(type === "response" ? { response: response ?? { mount_point: "secret/" } } : {}),
    error,
  });
}

const pair = (given: Given = {}): readonly string[] => {
  const id = `id-${ids++}`;
  return [record({ ...given, id }), record({ ...given, id, type: "response" })];
};

async function search(lines: readonly (string | Buffer)[], options: Partial<SearchOptions> = {}): Promise<Found> {
  const text = Buffer.concat(lines.map((line) => Buffer.concat([Buffer.from(line), Buffer.from("\n")])));
  // In pieces of odd size, so that lines lie across them.
  const stdin = (async function* () {
    for (let at = 0; at < text.length; at += 97) yield await Promise.resolve(text.subarray(at, at + 97));
  })();
  const { signal } = new AbortController();
  return await searchLogs({
    logs: [async () => await openLog(STDIN, { stdin, signal })],
    filter: {},
    paths: true,
    onProgress: () => {},
    ...options,
  });
}

describe("what is counted in an audit log", () => {
  it("is a request and its answer as one, whichever of them is there", async () => {
    const found = await search([...pair(), record(), record({ type: "response" })]);
    expect(found).toMatchObject({ requests: 3, errors: 0, lines: 4 });
    expect(found.actors).toMatchObject([{ requests: 3, mounts: { "secret/": 3 }, paths: { "secret/data/app": 3 } }]);
  });

  it("is a line that was shipped twice only once", async () => {
    const lines = pair();
    expect(await search([...lines, ...lines])).toMatchObject({ requests: 1, lines: 4 });
  });

  it("is a refusal once, though request and answer both tell of it", async () => {
    const error = "1 error occurred:\n\t* permission denied\n\n";
    expect(await search([...pair({ error }), ...pair()])).toMatchObject({ requests: 2, errors: 1 });
  });

  it("is a failure that only the answer tells of", async () => {
    const [asked = "", answered = ""] = pair({ path: "sys/x" });
    const failed = JSON.stringify({ ...(JSON.parse(answered) as object), error: "no" });
    expect(await search([asked, failed])).toMatchObject({ requests: 1, errors: 1 });
  });

  it("is first and last in time, in whatever order the files come", async () => {
    const found = await search([...pair({ at: 30 }), ...pair({ at: 10 }), ...pair({ at: 50 })]);
    expect(found.actors).toMatchObject([
      { first: Date.UTC(2026, 0, 1, 0, 0, 10, 123), last: Date.UTC(2026, 0, 1, 0, 0, 50, 123) },
    ]);
  });

  it("is never a value, whatever was sent or given", async () => {
    const found = await search(pair({ data: { password: "canary" }, response: { data: { password: "canary" } } }));
    expect(JSON.stringify(found)).not.toMatch(/canary|10\.1\.2\.3/u);
  });

  it("is of whoever asked: the token in the answer to a login is one that was made", async () => {
    const id = "login";
    const made = { accessor: "hmac-sha256:new", display_name: "userpass-alice", entity_id: "e1" };
    const path = "auth/userpass/login/alice";
    const asked = record({ id, accessor: "", path });
    const answered = JSON.stringify({
      ...(JSON.parse(record({ id, type: "response", accessor: "", path })) as object),
      auth: made,
      response: { auth: made },
    });
    const found = await search([asked, answered]);
    expect(found.actors).toMatchObject([
      { accessor: "", requests: 1, issued: undefined },
      { accessor: "hmac-sha256:new", displayName: "userpass-alice", entityId: "e1", requests: 0, issued: { path } },
    ]);
  });

  it("is what a wrapping token hides, too", async () => {
    const found = await search([record({ type: "response", response: { wrap_info: { wrapped_accessor: "hmac-x" } } })]);
    expect(found.actors.map(({ accessor }) => accessor)).toEqual(["hmac-sha256:aa", "hmac-x"]);
  });
});

describe("lines that are no good", () => {
  it("are counted and do not end it", async () => {
    const broken = ['{"time":"2026-01-01T00:0', "not json", "[1]", "null", "42", '{"type":"request"}', "\u0000\u0001"];
    const found = await search([...broken, Buffer.from([0xff, 0xfe, 0x7b]), ...pair(), ""]);
    expect(found).toMatchObject({ requests: 1, unreadable: 8, lines: 10 });
  });

  it("are records that lack what counts", async () => {
    const whole = JSON.parse(record()) as Record<string, unknown>;
    const lacking = [
      { ...whole, time: "yesterday" },
      { ...whole, time: 7 },
      { ...whole, request: null },
    ];
    expect(await search([...lacking.map((each) => JSON.stringify(each)), record()])).toMatchObject({ unreadable: 3 });
  });

  it("may have something in front that a device was told to write there", async () => {
    expect(await search([`@cee: ${record()}`])).toMatchObject({ requests: 1, unreadable: 0 });
  });

  it("are all of a file that is no audit log", async () => {
    expect(await settle(search(["a", "b"]))).toMatchObject({
      reason: "invalid-answer",
      message: expect.stringContaining("no line is a record of an audit device"),
    });
  });

  it("are none in an empty file", async () => {
    expect(await search([])).toMatchObject({ requests: 0, lines: 0 });
  });
});

describe("long lines", () => {
  const keys = (many: number) => ({ data: { keys: Array.from({ length: many }, (_, at) => `hmac-sha256:${at}`) } });

  it("are read up to their answer when they are longer than what is held", async () => {
    const long = record({ type: "response", operation: "list", response: keys(5000) });
    const found = await search([record(), long, record()], { longestLine: 2000 });
    expect(found).toMatchObject({
      requests: 3,
      long: 1,
      unreadable: 0,
      actors: [{ operations: { read: 2, list: 1 } }],
    });
  });

  it("are unreadable when even the request is longer", async () => {
    const long = record({ data: { text: "x".repeat(5000) } });
    expect(await search([long, record()], { longestLine: 2000 })).toMatchObject({
      requests: 1,
      long: 1,
      unreadable: 1,
    });
  });

  it.each([
    { name: "an error behind the answer", given: { error: "no" }, seen: { errors: 1 } },
    { name: "a token in the answer", given: { token: true }, seen: { actors: [{}, { accessor: "hmac-new" }] } },
    {
      name: "what looks like an answer in the request",
      given: { data: { x: 1, response: { y: 1 } } },
      seen: { errors: 1 },
    },
    { name: "what looks like an answer in a text", given: { data: { x: '","response":{"' } }, seen: { requests: 1 } },
  ])("are read to their end for $name", async ({ given, seen }) => {
    const { token = false, ...rest } = given as Given & { token?: boolean };
    const response = { ...(token ? { auth: { accessor: "hmac-new" } } : {}), ...keys(2000) };
    const error = "errors" in seen ? "no" : undefined;
    expect(await search([record({ type: "response", response, ...(error && { error }), ...rest })])).toMatchObject(
      seen,
    );
  });
});

describe("a search", () => {
  const at = (seconds: number): number => Date.UTC(2026, 0, 1, 0, 0, seconds);
  const lines = [
    ...pair({ at: 10, accessor: "hmac-sha256:aaaa11", name: "token-a", path: "secret/data/one" }),
    ...pair({ at: 20, accessor: "hmac-sha256:bbbb22", name: "token-b", path: "secret/data/two", operation: "update" }),
    ...pair({ at: 30, accessor: "hmac-sha256:cccc33", name: "token-c", path: "sys/mounts" }),
  ];
  const filters: readonly { name: string; filter: RecordFilter; finds: readonly string[] }[] = [
    { name: "nothing", filter: {}, finds: ["token-a", "token-b", "token-c"] },
    { name: "a beginning", filter: { from: at(20) }, finds: ["token-b", "token-c"] },
    { name: "an end, which is not in it", filter: { to: at(20) + 123 }, finds: ["token-a"] },
    { name: "a path", filter: { path: "secret/" }, finds: ["token-a", "token-b"] },
    { name: "operations", filter: { operations: ["update", "delete"] }, finds: ["token-b"] },
    { name: "names", filter: { displayNames: ["token-a", "token-c"] }, finds: ["token-a", "token-c"] },
    { name: "an identity", filter: { entities: ["of token-b"] }, finds: ["token-b"] },
    { name: "how an accessor begins", filter: { accessors: ["hmac-sha256:cccc"] }, finds: ["token-c"] },
    { name: "two that never meet", filter: { path: "sys/", displayNames: ["token-a"] }, finds: [] },
  ];
  it.each(filters)("by $name finds just that", async ({ filter, finds }) => {
    const { actors } = await search(lines, { filter });
    expect(actors.map(({ displayName }) => displayName)).toEqual(finds);
  });

  it("tells whom it looked for from who only mentions them", async () => {
    const values = { plain: ["x"], hashes: ["hmac-sha256:aaaa11"] };
    const admin = pair({ accessor: "hmac-sha256:dddd44", name: "admin", data: { accessor: "hmac-sha256:aaaa11" } });
    const { actors } = await search([...lines, ...admin], { filter: { values } });
    expect(actors.map(({ displayName, wanted }) => [displayName, wanted])).toEqual([
      ["token-a", true],
      ["admin", false],
    ]);
  });

  it("finds the token that was made, and not who made it", async () => {
    const response = { auth: { accessor: "hmac-sha256:new", display_name: "token-new" } };
    const login = record({ type: "response", name: "orchestrator", response });
    const { actors } = await search([login], { filter: { displayNames: ["token-new"] } });
    expect(actors).toMatchObject([{ displayName: "token-new", wanted: true, issued: { by: "orchestrator" } }]);
  });

  it("holds no more than it may, and says what it left out", async () => {
    const many = Array.from({ length: 50 }, (_, index) =>
      record({ accessor: `hmac-${index}`, path: `secret/${index}` }),
    );
    const found = await search(many, { limits: { actors: 10, names: 12, underWay: 100 } });
    expect(found.actors).toHaveLength(10);
    expect(found).toMatchObject({ requests: 50, more: 40 });
    expect(found.unlisted).toBeGreaterThan(0);
  });

  it("reads plain files, packed ones, and packed ones one behind the other, and tells what it read", async () => {
    await using directory = await temporaryDirectory();
    const text = `${record()}\n`;
    const files = {
      plain: Buffer.from(text),
      "packed.gz": gzipSync(text),
      two: Buffer.concat([gzipSync(text), gzipSync(text)]),
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(directory.path, name), content);
    const { signal } = new AbortController();
    const open = async (name: string) => await openLog(join(directory.path, name), { stdin: nobody(), signal });
    const found = await search([], {
      paths: false,
      logs: Object.keys(files).map((name) => async () => await open(name)),
    });
    expect(found).toMatchObject({ lines: 4, requests: 1 });
    expect(found.sources.map(({ bytes }) => bytes)).toEqual(Object.values(files).map(({ length }) => length));
  });

  it.each([
    { name: "ends in the middle", spoil: (packed: Buffer) => packed.subarray(0, 40), says: "ends in the middle" },
    {
      name: "is damaged",
      spoil: (packed: Buffer) => Buffer.concat([packed.subarray(0, 20), Buffer.alloc(20, 0xff), packed.subarray(40)]),
      says: "is damaged",
    },
  ])("says that a packed file $name", async ({ spoil, says }) => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "audit.log.gz");
    await writeFile(file, spoil(gzipSync(`${record()}\n`.repeat(20))));
    const { signal } = new AbortController();
    const logs = [async () => await openLog(file, { stdin: nobody(), signal })];
    expect(await settle(searchLogs({ logs, filter: {}, paths: false, onProgress: () => {} }))).toMatchObject({
      reason: "invalid-answer",
      message: expect.stringContaining(says),
    });
  });

  it("ends when its signal does", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "audit.log");
    await writeFile(file, `${record()}\n`);
    const logs = [async () => await openLog(file, { stdin: nobody(), signal: AbortSignal.abort() })];
    expect(await settle(searchLogs({ logs, filter: {}, paths: false, onProgress: () => {} }))).toMatchObject({
      reason: "aborted",
    });
  });
});

async function* nobody(): AsyncGenerator<Buffer> {}
