/* Messages in a channel, in a thread and in direct messages. */
import { drawBlocks } from "./blocks.js";
import { avatar, button, clockTime, element } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";

const hidden = new Set();

/** Draws messages in order; keeps the reader at the end when they were there. */
export function fill(place, messages, shell, inThread) {
  const atEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 40;
  const shown = messages
    .filter((message) => !hidden.has(message.ts))
    .toSorted((left, right) => Number(left.ts) - Number(right.ts));
  place.replaceChildren(...shown.map((message) => drawMessage(message, shell, inThread)));
  if (atEnd) place.scrollTop = place.scrollHeight;
}

function drawMessage(message, shell, inThread) {
  const isApp = message.userId === undefined || message.ephemeral;
  const name = isApp ? "sealwatch" : (shell.names()[message.userId] ?? message.userId);
  const node = element("article", message.ephemeral ? "message ephemeral" : "message", avatar(name, isApp));
  node.dataset.ts = message.ts;
  const head = element("div", "head", element("strong", "", name));
  if (isApp) head.append(element("span", "app", "APP"));
  head.append(element("time", "", clockTime(message.ts)));
  // Slack marks no edit of a message with blocks.
  if (message.edits > 0 && message.blocks.length === 0) head.append(element("span", "edited", "(edited)"));
  const body = element("div", "body");
  if (message.ephemeral) body.append(onlyYou(message, shell));
  if (message.broadcast && !inThread) body.append(element("div", "only", "replied to a thread:"));
  body.append(head, content(message, shell), ...attached(message, shell));
  if (!inThread && !message.ephemeral) body.append(...repliesLink(message, shell));
  node.append(body);
  return node;
}

function onlyYou(message, shell) {
  const dismiss = button("link", "Dismiss", () => {
    hidden.add(message.ts);
    shell.draw();
  });
  return element("div", "only", "Only visible to you ", dismiss);
}

function content(message, shell) {
  if (message.blocks.length === 0) return element("div", "text", mrkdwn(message.text, shell.names()));
  return element("div", "blocks", drawBlocks(message.blocks, shell.contextOf(message.ts)));
}

function attached(message, shell) {
  const files = shell.state().files.filter(({ id }) => message.files?.includes(id));
  return files.map((file) => {
    const isPicture = file.preview === undefined;
    const title = element("figcaption", "", file.title);
    if (!isPicture) return element("figure", "file", title, element("pre", "", file.preview));
    const picture = element("img", "");
    picture.src = `/files/${file.id}`;
    picture.alt = file.altText ?? file.title;
    return element("figure", "picture", title, picture);
  });
}

function repliesLink(message, shell) {
  const root = message.threadTs ?? message.ts;
  const replies = shell.state().messages.filter((held) => held.threadTs === root);
  if (replies.length === 0) return [];
  const last = replies.reduce((newest, held) => (Number(held.ts) > Number(newest.ts) ? held : newest));
  const label = element("strong", "", `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`);
  return [
    button(
      "replies",
      [avatar("sealwatch", true), label, element("span", "last", `Last reply ${clockTime(last.ts)}`)],
      () => shell.openThread(root),
    ),
  ];
}
