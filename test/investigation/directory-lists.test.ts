import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { createDirectoryLists } from "../../src/investigation/directory-lists.ts";
import type { RevocationList } from "../../src/investigation/revocation-list.ts";
import { settle } from "../contracts/action.contract.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { aList, ACTOR } from "./a-list.ts";

const SIGNAL = new AbortController().signal;

describe("the lists of a directory", () => {
  it("are stored for sealwatch alone, whole, and found again with the digest of their file", async () => {
    await using directory = await temporaryDirectory();
    const lists = createDirectoryLists(join(directory.path, "lists"));
    const { file, digest } = await lists.save(aList());

    expect(file).toBe(join(directory.path, "lists", "prod", "leaked-ci.json"));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory.path, "lists", "prod"))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(directory.path, "lists", "prod"))).toEqual(["leaked-ci.json"]);
    expect(digest).toBe(
      `sha256:${createHash("sha256")
        .update(await readFile(file))
        .digest("hex")}`,
    );
    expect(await lists.find("prod", "leaked-ci", { signal: SIGNAL })).toEqual({ ...aList(), digest });
  });

  it("are never replaced", async () => {
    await using directory = await temporaryDirectory();
    const lists = createDirectoryLists(directory.path);
    await lists.save(aList());
    expect(await settle(lists.save(aList({ items: [] })))).toMatchObject({
      reason: "refused",
      message:
        "cannot save the list leaked-ci of prod: there is a list of this name, and none is ever replaced; choose another name",
    });
    expect(await lists.find("prod", "leaked-ci", { signal: SIGNAL })).toMatchObject({ items: [{ id: 1 }] });
    expect(await readdir(join(directory.path, "prod"))).toEqual(["leaked-ci.json"]);
  });

  it("are not there in a directory that is not there, nor under another cluster", async () => {
    await using directory = await temporaryDirectory();
    const lists = createDirectoryLists(join(directory.path, "later"));
    expect(await lists.find("prod", "leaked-ci", { signal: SIGNAL })).toBeUndefined();
    await lists.save(aList());
    expect(await lists.find("stage", "leaked-ci", { signal: SIGNAL })).toBeUndefined();
  });

  it.each(["../prod/leaked-ci", "a/b", "", ".", "Upper", "a.json", "x".repeat(65)])(
    "take %p for no name",
    async (name) => {
      await using directory = await temporaryDirectory();
      const found = createDirectoryLists(directory.path).find("prod", name, { signal: SIGNAL });
      expect(await settle(found)).toMatchObject({ reason: "refused" });
    },
  );

  const token = { id: 1, accessor: "kq7uJ2mB9xZcQ1", ...ACTOR };
  const broken: readonly { name: string; text: string; says: string }[] = [
    { name: "is cut off", text: '{"format":"sealwatch-revoc', says: "it is not JSON" },
    {
      name: "has another format",
      text: JSON.stringify({ ...aList(), format: "sealwatch-revocations/2" }),
      says: '"format"',
    },
    { name: "is of another cluster", text: written({ cluster: "stage" }), says: "it is of the cluster stage" },
    { name: "has another name inside", text: written({ name: "other" }), says: "it was made as other" },
    { name: "has a key that nobody knows", text: JSON.stringify({ ...aList(), more: 1 }), says: "more" },
    {
      name: "names a token in place of an accessor",
      text: written({ items: [{ ...token, accessor: "hvs.CAESIJcanary" }] }),
      says: "never the token itself",
    },
    {
      name: "has one accessor twice",
      text: written({ items: [token, { ...token, id: 2 }] }),
      says: "no accessor twice",
    },
    {
      name: "has one number twice",
      text: written({ items: [token, { ...token, accessor: "other" }] }),
      says: "its own number",
    },
  ];

  it.each(broken)("refuse a file that $name, and quote nothing of it", async ({ text, says }) => {
    await using directory = await temporaryDirectory();
    await mkdir(join(directory.path, "prod"));
    await writeFile(join(directory.path, "prod", "leaked-ci.json"), text);
    const failure = await settle(createDirectoryLists(directory.path).find("prod", "leaked-ci", { signal: SIGNAL }));
    expect(failure).toMatchObject({ reason: "invalid-answer", message: expect.stringContaining(says) });
    expect(String(failure)).not.toMatch(/canary|kq7uJ2/u);
  });
});

function written(change: Partial<RevocationList>): string {
  return JSON.stringify(aList(change));
}
