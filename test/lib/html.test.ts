import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Html, html } from "../../src/lib/html.ts";

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
const read = (text: string) => text.replaceAll(/&(?<name>[a-z]+|#39);/gu, (_, name: string) => ENTITIES[name] ?? "");

describe("html", () => {
  it("escapes what is put into it", () => {
    expect(html`<p title="${`"'`}">${"<script>alert(1)</script> & more"}</p>`.text).toBe(
      `<p title="&quot;&#39;">&lt;script&gt;alert(1)&lt;/script&gt; &amp; more</p>`,
    );
  });

  it("keeps what is html already, alone and in lists", () => {
    const rows = ["a", "<b>"].map((name) => html`<li>${name}</li>`);

    expect(html`<ul>${rows}</ul>`.text).toBe("<ul><li>a</li><li>&lt;b&gt;</li></ul>");
  });

  it.each([
    { name: "undefined", value: undefined, text: "" },
    { name: "null", value: null, text: "" },
    { name: "false", value: false, text: "" },
    { name: "true", value: true, text: "true" },
    { name: "zero", value: 0, text: "0" },
    { name: "an empty list", value: [], text: "" },
  ])("shows $name as $text", ({ value, text }) => {
    expect(html`<p>${value}</p>`.text).toBe(`<p>${text}</p>`);
  });

  it("lets no value open a tag, end an attribute or begin an entity, and loses none of it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const { text } = html`${value}`;

        expect(text).not.toMatch(/[<>"']/u);
        expect(text).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39);)/u);
        expect(read(text)).toBe(value);
      }),
    );
  });

  it("prints as its text", () => {
    expect(String(new Html("<p>"))).toBe("<p>");
  });
});
