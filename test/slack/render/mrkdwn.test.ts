import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { code, codeBlock, escape, link, mentions, time } from "../../../src/slack/render/mrkdwn.ts";

describe("foreign text in mrkdwn", () => {
  it.each([
    {
      name: "pings nobody",
      text: "<!channel> <@U0BOB> <!here>",
      shown: "&lt;!channel&gt; &lt;@U0BOB&gt; &lt;!here&gt;",
    },
    { name: "makes no link", text: "<https://evil.example|ok>", shown: "&lt;https://evil.example|ok&gt;" },
    { name: "keeps an ampersand", text: "a&amp;b", shown: "a&amp;amp;b" },
    { name: "loses control characters, not line breaks", text: "a\u0000b\nc", shown: "a b\nc" },
    { name: "becomes whole characters", text: "a\uD800b", shown: "a\uFFFDb" },
    { name: "loses a token", text: `x hvs.${"a".repeat(24)} y`, shown: "x &lt;redacted Vault token&gt; y" },
  ])("$name", ({ text, shown }) => {
    expect(escape(text)).toBe(shown);
  });

  it("never has markup, whatever it is", () => {
    const hostile = fc.string({ unit: fc.constantFrom("<", ">", "!", "@", "#", "&", "|", "`", "a", "\n", "channel") });
    fc.assert(fc.property(hostile, (text) => expect(escape(text)).not.toMatch(/[<>]/u)));
  });

  it("cannot leave its code", () => {
    expect(code("a` <!here> `b")).toBe("`aʹ &lt;!here&gt; ʹb`");
    expect(codeBlock("a\n```\nb")).toBe("```\na\nʹʹʹ\nb\n```");
    expect(code("")).toBe("(empty)");
  });
});

describe("links", () => {
  it.each([
    { address: "https://a.example/x?a=1&b=2", shown: "<https://a.example/x?a=1&amp;b=2|page>" },
    { address: "https://a.example/x|y>z", shown: "<https://a.example/x%7Cy%3Ez|page>" },
    { address: "javascript:alert(1)", shown: undefined },
    { address: "file:///etc/passwd", shown: undefined },
    { address: "no address", shown: undefined },
    { address: undefined, shown: undefined },
  ])("of $address", ({ address, shown }) => {
    expect(link(address, "page")).toBe(shown);
  });

  it("have labels that end nothing early", () => {
    expect(link("https://a.example/", "a>|b")).toBe("<https://a.example/|a&gt;¦b>");
  });
});

describe("times and mentions", () => {
  it("are read in everybody's own zone, with UTC for old clients", () => {
    expect(time(Date.UTC(2026, 10, 22, 3, 4, 5, 678))).toBe(
      "<!date^1795316645^{date_short_pretty} {time}|2026-11-22T03:04:05Z>",
    );
  });

  it("name members and nothing else", () => {
    expect(mentions(["U0BOB", "!channel", "U0BOB> <!channel", "W0CAROL"])).toBe("<@U0BOB> <@W0CAROL>");
  });
});
