/**
 * The one script: keeps a page with `data-live` true. It asks for the run's version, takes the new page when it changed, and says so loudly when
 * it cannot ask: an old page that looks new is worse than none. It waits while something is selected, so that a command can be copied.
 */
export const LIVE_SCRIPT = `
"use strict";
const lost = document.getElementById("lost");
const every = 2000;
let seen = new Date();
const copying = () => String(getSelection() ?? "") !== "";
async function look() {
  const main = document.querySelector("main");
  const answer = await fetch(main.dataset.live, { signal: AbortSignal.timeout(5000) });
  if (!answer.ok) throw new Error(answer.statusText);
  const { version } = await answer.json();
  if (String(version) !== main.dataset.version && !copying()) {
    const page = await fetch(location.href, { signal: AbortSignal.timeout(5000) });
    if (!page.ok) throw new Error(page.statusText);
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    const open = [...main.querySelectorAll("details[open]")].map((details) => details.id);
    main.replaceWith(document.adoptNode(fresh.querySelector("main")));
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    document.title = fresh.title;
  }
  seen = new Date();
  lost.hidden = true;
}
async function watch() {
  try {
    await look();
  } catch {
    lost.textContent = "sealwatch does not answer: this page is as of " + seen.toLocaleTimeString();
    lost.hidden = false;
  }
  if (document.querySelector("main").dataset.live) setTimeout(watch, every);
}
setTimeout(watch, every);
`;
