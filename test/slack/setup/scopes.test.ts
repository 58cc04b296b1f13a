import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { packageRoot } from "../../../src/app/package-files.ts";
import { EVENTS, SCOPES, scopesFor } from "../../../src/slack/setup/scopes.ts";

const PLAIN = { mode: "socket", userGroups: false, channels: "public", deletion: false } as const;

/** The cells of a table of docs/slack.md whose header begins with some words. */
async function tableOf(header: string): Promise<readonly (readonly string[])[]> {
  const lines = (await readFile(join(packageRoot, "docs/slack.md"), "utf8")).split("\n");
  const from = lines.findIndex((line) => line.startsWith(header));
  const rest = lines.slice(from + 2);
  const rows = rest.slice(
    0,
    rest.findIndex((line) => !line.startsWith("|")),
  );
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe("the scopes", () => {
  it("are in the manual word for word", async () => {
    expect(await tableOf("| scope |")).toEqual(
      SCOPES.map(({ scope, token, when, why, without }) => [`\`${scope}\``, token, when, why, without]),
    );
  });

  it("are few where people are listed and channels are public", () => {
    expect(scopesFor(PLAIN, "bot")).toEqual(["commands", "chat:write", "files:write", "channels:history"]);
    expect(scopesFor(PLAIN, "app")).toEqual(["connections:write"]);
    expect(scopesFor(PLAIN, "user")).toEqual([]);
  });

  it("need no app-level token over HTTP", () => {
    expect(scopesFor({ ...PLAIN, mode: "http" }, "app")).toEqual([]);
  });

  it("are both where channels are of both kinds", () => {
    expect(scopesFor({ ...PLAIN, channels: "both" }, "bot")).toEqual(
      expect.arrayContaining(["channels:history", "groups:history"]),
    );
  });
});

describe("the events", () => {
  it("are in the manual word for word", async () => {
    expect(await tableOf("| event |")).toEqual(EVENTS.map(({ event, why }) => [`\`${event}\``, why]));
  });

  it("are those that the bot listens to", async () => {
    const source = await readFile(join(packageRoot, "src/slack/listen/hear-event.ts"), "utf8");
    const heard = [...source.matchAll(/type === "(?<type>\w+)"/gu)].map(({ groups }) => groups?.["type"] ?? "");
    const subscribed = EVENTS.map(({ event }) => event.replace(/^message\..*/u, "message"));
    expect([...new Set(heard)].sort()).toEqual([...new Set(subscribed)].sort());
  });
});
