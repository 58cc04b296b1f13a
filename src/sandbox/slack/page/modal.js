/* The topmost modal of a person. */
import { drawBlocks } from "./blocks.js";
import { button, element } from "./dom.js";
import { readValues, writeValues } from "./inputs.js";
import { plainText } from "./mrkdwn.js";

let shown;

/** Draws a modal once for each version of its view, so that typing is not lost when something else changes. */
export function drawModal(place, top, shell) {
  const version = top === undefined ? undefined : `${top.id} ${top.hash}`;
  if (version === shown) return;
  const typed = top !== undefined && shown?.startsWith(`${top.id} `) ? readValues(place) : {};
  shown = version;
  place.replaceChildren(...(top === undefined ? [] : [modalNode(top, shell)]));
  if (top === undefined) return;
  writeValues(place, typed);
  place.querySelector(".input input, .input textarea, .input select")?.focus();
}

function modalNode(held, shell) {
  const { view } = held;
  const context = shell.contextOf(held.id, held.errors);
  const close = () => void shell.act({ act: "close", view: held.id });
  const head = element("header", "modal-head", element("h2", "", plainText(view.title.text)));
  const cross = button("close-modal", "×", close);
  cross.ariaLabel = "Close";
  head.append(cross);
  const buttons = element("div", "modal-buttons", button("button", plainText(view.close?.text ?? "Cancel"), close));
  if (view.submit) buttons.append(element("button", "button primary", plainText(view.submit.text)));
  const form = element(
    "form",
    "modal",
    head,
    element("div", "modal-body", drawBlocks(view.blocks, context)),
    ...(view.submit || view.close ? [buttons] : []),
  );
  form.role = "dialog";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void shell.act({ act: "submit", view: held.id, values: readValues(form) });
  });
  return element("div", "shade", form);
}
