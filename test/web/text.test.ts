import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { inline, prose } from "../../src/web/prose.ts";
import { startCommands } from "../../src/web/start-commands.ts";
import { templateText } from "../../src/web/template-text.ts";
import { clockTag, distance, timeTag } from "../../src/web/time-tag.ts";
import { execFileSync } from "node:child_process";
import { lostPeer, NIGHT } from "./runs.ts";

describe("prose", () => {
  it.each([
    { name: "paragraphs", text: "one\n\n two \n", html: "<p>one</p><p>two</p>" },
    { name: "lines of a paragraph", text: "one\ntwo", html: "<p>one<br />two</p>" },
    { name: "bullets", text: "- one\n* two", html: "<ul><li>one</li><li>two</li></ul>" },
    {
      name: "numbers, from where they begin",
      text: "so:\n2. two\n3. three",
      html: '<p>so:</p><ol start="2"><li>two</li><li>three</li></ol>',
    },
    { name: "code and bold", text: "`a*b*` is *bold*", html: "<p><code>a*b*</code> is <b>bold</b></p>" },
    { name: "stars that mark nothing", text: "2 * 3 * 4 and **", html: "<p>2 * 3 * 4 and **</p>" },
    { name: "a lonely backtick", text: "a ` b", html: "<p>a ` b</p>" },
    { name: "markup as text", text: "`<b>` & <i>", html: "<p><code>&lt;b&gt;</code> &amp; &lt;i&gt;</p>" },
    { name: "nothing", text: "", html: "<p></p>" },
  ])("shows $name", ({ text, html }) => {
    expect(prose(text).text.replaceAll(/>\s+</gu, "><")).toBe(html);
  });

  it("never shows what looks like a secret", () => {
    const token = `hvs.${"a".repeat(24)}`;
    expect(prose(`the token ${token} here`).text).not.toContain(token);
    expect(inline(`\`${token}\``).text).toContain("&lt;redacted Vault token&gt;");
  });

  it("makes no tag but its own, and loses no letter of any text", () => {
    const tags = /<\/?(?:p|ul|ol|li|code|b|br)(?: start="\d+"| \/)?>/gu;
    const hostile = fc.string({
      unit: fc.constantFrom("<", ">", "&", '"', "'", "`", "*", "-", " ", "\n", "1", ".", "x"),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        const rest = prose(text).text.replaceAll(tags, "");
        expect(rest).not.toMatch(/[<>"']/u);
        const count = (held: string) => held.split("x").length;
        expect(count(rest)).toBe(count(text));
      }),
    );
  });
});

describe("the text of a template before a run", () => {
  it.each([
    { name: "an input that is known", text: "at `${inputs.node}`", shown: "at `vault-2`" },
    { name: "an input that is not", text: "at ${ inputs.cluster }", shown: "at <cluster>" },
    {
      name: "an input with the name of an object's own machinery",
      text: "${inputs.constructor}",
      shown: "<constructor>",
    },
    { name: "what only the run knows", text: "${steps.seal.type} seal", shown: "… seal" },
    { name: "braces in strings and in maps", text: 'a ${x ? "}" : \'{\'} b ${ {"k": 1}["k"] } c', shown: "a … b … c" },
    { name: "an escaped quote", text: 'a ${"\\"}"} b', shown: "a … b" },
    { name: "several in a row", text: "${a} ${b}${c} d", shown: "… d" },
    { name: "one that never ends", text: "a ${inputs.node", shown: "a vault-2" },
    { name: "a dollar alone", text: "costs $5 {x}", shown: "costs $5 {x}" },
  ])("shows $name", ({ text, shown }) => {
    expect(templateText(text, { node: "vault-2" })).toBe(shown);
  });

  it("ends for any text, and leaves a text without expressions as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("$", "{", "}", '"', "\\", "a") }), (text) => {
        const shown = templateText(text, {});
        if (!text.includes("${")) expect(shown).toBe(text);
      }),
    );
  });
});

describe("the commands that start a run", () => {
  it("have every input, and a place for those that are missing", () => {
    expect(startCommands(lostPeer, { cluster: "prod" })).toEqual({
      slack: "/vault runbook lost-peer cluster=prod node=<node>",
      terminal: "sealwatch run lost-peer cluster=prod node=<node>",
    });
  });

  it("reach the program as they are, whatever a link put into them", () => {
    const values = fc.string({ minLength: 1 }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(values, fc.constantFrom("$(touch /tmp/x)", "'; ls '", "`id`", "a b", "vault-2"), (cluster, node) => {
        const { terminal } = startCommands(lostPeer, { cluster, node });
        const script = `sealwatch() { printf '%s\\0' "$@"; }\n${terminal}`;
        const given = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }).split("\0");
        expect(given).toEqual(["run", "lost-peer", `cluster=${cluster}`, `node=${node}`, ""]);
      }),
      { numRuns: 30 },
    );
  });
});

describe("times", () => {
  it("are in UTC, with the date where it is not plain", () => {
    expect(timeTag(NIGHT).text).toBe('<time datetime="2026-11-22T03:04:05.000Z">2026-11-22 03:04:05 UTC</time>');
    expect(clockTag(NIGHT, NIGHT + 1000).text).toContain(">03:04:05 UTC<");
    expect(clockTag(NIGHT, NIGHT - 86_400_000).text).toContain(">2026-11-22 03:04:05 UTC<");
  });

  it("are near or far", () => {
    expect(distance(NIGHT, NIGHT + 125_000)).toBe("2m 5s ago");
    expect(distance(NIGHT + 60_000, NIGHT)).toBe("in 1m");
  });
});
