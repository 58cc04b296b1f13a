/* Making DOM nodes. Nothing here ever sets HTML: foreign text can only become text nodes. */

/** Makes an element with a class and content: text, a node, or a list of these. */
export function element(tag, className, ...content) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...content.flat());
  return node;
}

/** Makes a button that does something. */
export function button(className, content, onClick) {
  const node = element("button", className, content);
  node.type = "button";
  node.addEventListener("click", onClick);
  return node;
}

/** Makes the round or square sign of a person or the app. */
export function avatar(name, isApp = false) {
  if (isApp) return element("span", "avatar app-avatar", shield());
  const node = element("span", "avatar", name.slice(0, 1).toUpperCase());
  const hue = [...name].reduce((sum, character) => (sum * 31 + character.codePointAt(0)) % 360, 7);
  node.style.setProperty("--hue", String(hue));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** Makes an icon of one or more paths in a 24 by 24 box. */
export function icon(name, ...paths) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon ${name}`);
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

function shield() {
  return icon("shield", "M12 2 4 5v6c0 5 3.4 9.3 8 11 4.6-1.7 8-6 8-11V5z", "M12 8v4m0 3.5v.1");
}

/** Formats a ts as a time of day. */
export function clockTime(ts) {
  return new Date(Number(ts) * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
