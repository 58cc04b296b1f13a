import { describe, expect, it } from "@jest/globals";
import { LEASE_LIST_BYTES, readLeaseList } from "../../src/actions/lease-list.ts";

describe("readLeaseList", () => {
  it("reads the names of a whole answer, whatever is in them", async () => {
    const keys = ["h1", "role/", 'a"b\\c', "größe"];
    const body = pieces(JSON.stringify({ request_id: "1", data: { keys }, warnings: null }), 3);
    expect(await readLeaseList(body, "vault-0")).toEqual({ names: keys, more: false });
  });

  it("reads the names up to the cut of a longer answer, and says that there are more", async () => {
    const keys = Array.from({ length: 100_000 }, (_, index) => `h${String(index).padStart(64, "0")}`);
    const text = JSON.stringify({ request_id: "1", data: { keys } });
    expect(text.length).toBeGreaterThan(LEASE_LIST_BYTES);

    const { names, more } = await readLeaseList(pieces(text, 65_536), "vault-0");

    expect(more).toBe(true);
    expect(names).toEqual(keys.slice(0, names.length));
    // Every key takes 68 bytes with its quotes and comma; at most one was cut.
    expect(names.length).toBeGreaterThanOrEqual(Math.floor(LEASE_LIST_BYTES / 68) - 1);
  });

  it("leaves an answer that is longer, and reads no more of it", async () => {
    let given = 0;
    const endless = (async function* () {
      yield await Promise.resolve(new TextEncoder().encode('{"data":{"keys":['));
      const piece = new TextEncoder().encode('"h1",'.repeat(10_000));
      for (;;) {
        given += piece.length;
        yield await Promise.resolve(piece);
      }
    })();
    const { more } = await readLeaseList(endless, "vault-0");
    expect(more).toBe(true);
    expect(given).toBeLessThanOrEqual(LEASE_LIST_BYTES + 50_000);
  });

  it.each(["<html>", "[]", '{"data":{"keys":[1]}}', '{"data":null}', ""])("refuses %j", async (text) => {
    await expect(readLeaseList(pieces(text, 100), "vault-0")).rejects.toMatchObject({
      reason: "invalid-answer",
      message: expect.stringContaining("vault-0"),
    });
  });

  it("refuses a long answer that is no list", async () => {
    const page = `<html>${"x".repeat(LEASE_LIST_BYTES)}`;
    await expect(readLeaseList(pieces(page, 65_536), "vault-0")).rejects.toMatchObject({ reason: "invalid-answer" });
  });
});

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
