import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  bold,
  code,
  codeBlock,
  escape,
  line,
  link,
  linked,
  mentions,
  plain,
  time,
} from "../../../src/slack/render/mrkdwn.ts";

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

  it.each([
    { name: "what turns the direction of text around", text: "invoice\u202Egnp.exe", shown: "invoicegnp.exe" },
    { name: "isolates", text: "a\u2066b\u2069", shown: "ab" },
    { name: "characters without width", text: "al\u200Bice\uFEFF", shown: "alice" },
    { name: "tags, which nobody sees", text: "a\u{E0041}\u{E007F}b", shown: "ab" },
    { name: "other line breaks", text: "a\u2028b\u0085c", shown: "a b c" },
  ])("loses $name", ({ text, shown }) => {
    expect(plain(text)).toBe(shown);
  });

  it("keeps what people write with: other scripts, emoji and their families", () => {
    for (const text of ["שלום", "漢字", "👩‍🚒", "❤️"]) expect(plain(text)).toBe(text);
  });

  it("finds a secret that was hidden with characters without width", () => {
    expect(escape(`hvs.${"a".repeat(12)}\u200B${"a".repeat(12)}`)).toBe("&lt;redacted Vault token&gt;");
  });

  it("opens no block of code that would swallow what we say after it", () => {
    expect(escape("a ``` b")).toBe("a ʹʹʹ b");
  });

  it("cannot leave its code", () => {
    expect(code("a` <!here> `b")).toBe("`aʹ &lt;!here&gt; ʹb`");
    expect(codeBlock("a\n```\nb")).toBe("```\na\nʹʹʹ\nb\n```");
    expect(code("")).toBe("(empty)");
  });
});

describe("foreign text in one line", () => {
  it.each([
    { name: "cannot make a line of its own", text: "bob\n*Approved* by carol", shown: "bob *Approved* by carol" },
    { name: "cannot wear our signs", text: ":white_check_mark: done", shown: "꞉white_check_mark: done" },
    { name: "keeps its colons", text: "sys:raft 10:20:30", shown: "sys:raft 10:20:30" },
    { name: "is not cut through an escaped character", text: `${"a".repeat(296)}<b>`, shown: `${"a".repeat(296)}…` },
  ])("$name", ({ text, shown }) => {
    expect(line(text)).toBe(shown);
  });

  it("in bold cannot end the bold, and is never nothing", () => {
    expect(bold("bo*b")).toBe("*bo∗b*");
    expect(bold(" \u200B ")).toBe("*(no name)*");
  });

  it("in code is cut inside of it", () => {
    expect(code("x".repeat(20), 10)).toBe("`xxxxxxxxx…`");
  });
});

describe("links", () => {
  it.each([
    { address: "https://a.example/x?a=1&b=2", shown: "<https://a.example/x?a=1&amp;b=2|page>" },
    { address: "https://a.example/x|y>z", shown: "<https://a.example/x%7Cy%3Ez|page>" },
    { address: "javascript:alert(1)", shown: undefined },
    { address: "file:///etc/passwd", shown: undefined },
    { address: "https://sealwatch.example@evil.example/", shown: undefined },
    { address: `https://a.example/${"x".repeat(1000)}`, shown: undefined },
    { address: "no address", shown: undefined },
    { address: undefined, shown: undefined },
  ])("of $address", ({ address, shown }) => {
    expect(link(address, "page")).toBe(shown);
  });

  it("have labels that end nothing early", () => {
    expect(link("https://a.example/", "a>|b")).toBe("<https://a.example/|a&gt;¦b>");
  });
});

describe("the text of a runbook", () => {
  it.each([
    {
      name: "an address",
      text: "see https://wiki.example/a?b=1&c=2.",
      shown: "see <https://wiki.example/a?b=1&amp;c=2>.",
    },
    { name: "an address in brackets", text: "(https://wiki.example/a)", shown: "(<https://wiki.example/a>)" },
    { name: "no address with a name in front of its host", text: "https://a@b.example", shown: "https://a@b.example" },
    {
      name: "no mention",
      text: "<!channel> <https://a.example|ok>",
      shown: "&lt;!channel&gt; &lt;<https://a.example>|ok&gt;",
    },
    { name: "no other scheme", text: "javascript:alert(1) slack://x", shown: "javascript:alert(1) slack://x" },
  ])("links $name", ({ text, shown }) => {
    expect(linked(text)).toBe(shown);
  });

  it("has no markup but whole addresses, whatever it is", () => {
    const parts = fc.array(
      fc.constantFrom("https://a.example/", "<", ">", "|", "!channel", "@U1", "&", " ", "`", "\n"),
    );
    fc.assert(
      fc.property(parts, (list) => {
        expect(linked(list.join("")).replaceAll(/<https:\/\/a\.example\/[^<>|\s]*>/gu, "")).not.toMatch(/[<>]/u);
      }),
    );
  });
});

describe("times and mentions", () => {
  it("are read in everybody's own zone, with UTC for old clients", () => {
    expect(time(Date.UTC(2026, 10, 22, 3, 4, 5, 678))).toBe(
      "<!date^1795316645^{date_short_pretty} {time}|2026-11-22T03:04:05Z>",
    );
  });

  it("name members and nothing else", () => {
    expect(mentions(["U0BOB", "!channel", "U0BOB> <!channel", "W0CAROL", "U0BOB"])).toBe("<@U0BOB> <@W0CAROL>");
    expect(mentions(["U0BOB", "S0APPROVERS", "Subteam"])).toBe("<!subteam^S0APPROVERS> <@U0BOB>");
  });
});
