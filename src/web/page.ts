import { createHash } from "node:crypto";
import type { Response } from "express";
import { html, Html } from "../lib/html.ts";
import { LIVE_SCRIPT } from "./live-script.ts";
import { STYLE } from "./style.ts";

/** Page is a whole page: its title, what is in it, and how it stays true. */
export type Page = {
  readonly status?: number;
  readonly title: string;
  readonly body: Html;
  /** Where the page's version can be asked, and which one it shows: the page then follows by itself. */
  readonly live?: { readonly url: string; readonly version: number };
  /** Seconds after which the browser loads the page again. */
  readonly refreshSeconds?: number;
};

/** Only the style and the script of this folder run; whatever text may smuggle in does not. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src '${hashOf(STYLE)}'`,
  `script-src '${hashOf(LIVE_SCRIPT)}'`,
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Sends a page with a content security policy of its own. */
export function sendPage(response: Response, page: Page): void {
  response.status(page.status ?? 200);
  response.set({ "Content-Security-Policy": CONTENT_SECURITY_POLICY, "Cache-Control": "no-store" });
  response.type("html").send(renderPage(page).text);
}

function renderPage({ title, body, live, refreshSeconds }: Page): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>${title} · sealwatch</title>
        ${refreshSeconds !== undefined && refreshTag(refreshSeconds)}
        ${live !== undefined && html`<noscript>${refreshTag(5)}</noscript>`}
        <style>${new Html(STYLE)}</style>
      </head>
      <body>
        <p id="lost" role="alert" hidden></p>
        <header><a href="/">sealwatch</a><nav><a href="/">Overview</a><a href="/exporter">Exporter</a><a href="/metrics">Metrics</a></nav></header>
        <main ${live !== undefined && html`data-live="${live.url}" data-version="${live.version}"`}>${body}</main>
        ${live !== undefined && html`<script>${new Html(LIVE_SCRIPT)}</script>`}
      </body>
    </html>`;
}

function refreshTag(seconds: number): Html {
  return html`<meta http-equiv="refresh" content="${seconds}" />`;
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
