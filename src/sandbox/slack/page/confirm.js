/* Slack's confirmation dialog: it asks before the click is sent. */
import { button, element } from "./dom.js";
import { mrkdwn, plainText } from "./mrkdwn.js";

/** Asks first when the element wants that, and then acts. */
export function confirmed(part, context, then) {
  if (part.confirm) ask(part.confirm, context, then);
  else then();
}

function ask({ title, text, confirm, deny, style }, context, then) {
  const close = () => shade.remove();
  const yes = button(`button ${style ?? "primary"}`, plainText(confirm.text), () => {
    close();
    then();
  });
  const words = text.type === "mrkdwn" ? mrkdwn(text.text, context.names) : plainText(text.text);
  const dialog = element(
    "div",
    "modal confirm",
    element("h2", "", plainText(title.text)),
    element("div", "modal-body text", words),
    element("div", "modal-buttons", button("button", plainText(deny.text), close), yes),
  );
  dialog.role = "alertdialog";
  const shade = element("div", "shade", dialog);
  document.body.append(shade);
  yes.focus();
}
