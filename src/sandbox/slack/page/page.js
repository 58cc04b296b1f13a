/* The page of the stand-in: reads the state after every change and draws it anew. */
import { drawBlocks, readValues } from "./blocks.js";
import { element, mrkdwn } from "./mrkdwn.js";

const byId = (id) => document.getElementById(id);
const params = new URLSearchParams(location.search);
const here = {
  as: params.get("as") ?? "",
  thread: params.get("thread") ?? undefined,
  state: undefined,
  modal: undefined,
  hidden: new Set(),
};

const HINTS = ["/vault help", "/vault status", "/vault runbook", "/vault runs"];

async function refresh() {
  const answer = await fetch(`/page/state?as=${encodeURIComponent(here.as)}`);
  here.state = await answer.json();
  if (!here.state.users.some((user) => user.id === here.as)) {
    here.as = here.state.users[0].id;
    return refresh();
  }
  draw();
}

function draw() {
  const { state } = here;
  byId("team").textContent = state.team;
  for (const id of ["channel-name", "title"]) byId(id).textContent = state.channel.name;
  byId("bot-state").textContent = state.connected ? "● sealwatch is connected" : "○ sealwatch is not connected";
  byId("bot-state").className = state.connected ? "connected" : "disconnected";
  const me = state.users.find((user) => user.id === here.as);
  byId("line").placeholder = `Type a command as ${me.name}, for instance /vault status`;
  drawPeople();
  drawChannel();
  drawThread();
  drawModal();
}

function drawPeople() {
  byId("people").replaceChildren(
    ...here.state.users.map((user) => {
      const button = element("button", user.id === here.as ? "person current" : "person", avatar(user.name));
      button.append(user.name);
      button.type = "button";
      button.addEventListener("click", () => {
        here.as = user.id;
        remember();
        void refresh();
      });
      return element("li", "", button);
    }),
  );
}

function drawChannel() {
  const { messages, ephemerals } = here.state;
  const roots = messages.filter((message) => message.threadTs === undefined || message.broadcast);
  fill(byId("channel"), [...roots, ...ephemerals.filter((held) => held.threadTs === undefined).map(asEphemeral)], true);
}

function drawThread() {
  const { messages, ephemerals } = here.state;
  const thread = messages.filter((message) => message.ts === here.thread || message.threadTs === here.thread);
  byId("thread").hidden = here.thread === undefined || thread.length === 0;
  if (byId("thread").hidden) return;
  fill(
    byId("replies"),
    [...thread, ...ephemerals.filter((held) => held.threadTs === here.thread).map(asEphemeral)],
    false,
  );
}

function asEphemeral(held) {
  return { ...held, ephemeral: true };
}

/** Draws messages in order; keeps the reader at the end when they were there. */
function fill(place, messages, withReplies) {
  const atEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 40;
  const shown = messages
    .filter((message) => !here.hidden.has(message.ts))
    .toSorted((left, right) => Number(left.ts) - Number(right.ts));
  place.replaceChildren(...shown.map((message) => drawMessage(message, withReplies)));
  if (atEnd) place.scrollTop = place.scrollHeight;
}

function drawMessage(message, withReplies) {
  const node = element("article", message.ephemeral ? "message ephemeral" : "message", avatar("sealwatch"));
  const body = element("div", "body");
  const head = element("div", "head", element("strong", "", "sealwatch"));
  head.append(element("span", "app", "APP"), element("time", "", clockTime(message.ts)));
  if (message.edits > 0) head.append(element("span", "edited", "(edited)"));
  if (message.ephemeral) body.append(dismissLine(message));
  if (message.broadcast && withReplies) body.append(element("div", "only", "replied to a thread"));
  body.append(head, drawContent(message));
  if (withReplies && !message.ephemeral) body.append(...repliesLink(message));
  node.append(body);
  return node;
}

function dismissLine(message) {
  const line = element("div", "only", "Only visible to you");
  const button = element("button", "dismiss", "Dismiss");
  button.type = "button";
  button.addEventListener("click", () => {
    here.hidden.add(message.ts);
    draw();
  });
  line.append(button);
  return line;
}

function drawContent(message) {
  const context = { names: names(), onClick: (button) => void click(message, button) };
  if (message.blocks.length > 0) return drawBlocks(message.blocks, context);
  return element("div", "text", mrkdwn(message.text, names()));
}

function repliesLink(message) {
  const root = message.threadTs ?? message.ts;
  const count = here.state.messages.filter((held) => held.threadTs === root).length;
  if (count === 0) return [];
  const button = element("button", "replies", `${count} ${count === 1 ? "reply" : "replies"}`);
  button.type = "button";
  button.addEventListener("click", () => {
    here.thread = root;
    remember();
    drawThread();
    byId("replies").scrollTop = byId("replies").scrollHeight;
  });
  return [button];
}

/** A modal is drawn once for each version of its view, so that typing is not lost when something else changes. */
function drawModal() {
  const top = here.state.views.at(-1);
  const version = top === undefined ? undefined : `${top.id} ${top.hash}`;
  if (version === here.modal) return;
  const typed = top !== undefined && here.modal?.startsWith(`${top.id} `) ? readValues(byId("modal-place")) : {};
  here.modal = version;
  byId("modal-place").replaceChildren(...(top === undefined ? [] : [modalNode(top)]));
  for (const input of byId("modal-place").querySelectorAll("[data-block-id]"))
    input.value = typed[input.dataset.blockId] ?? input.value;
  byId("modal-place").querySelector("input, textarea, select")?.focus();
}

function modalNode(held) {
  const { view } = held;
  const form = element("form", "modal", element("h2", "", view.title.text));
  form.append(
    element("div", "modal-body", drawBlocks(view.blocks, { names: names(), errors: held.errors, onClick: () => {} })),
  );
  const buttons = element("div", "modal-buttons");
  const cancel = element("button", "button", view.close?.text ?? "Cancel");
  cancel.type = "button";
  cancel.addEventListener("click", () => void act({ act: "close", view: held.id }));
  buttons.append(cancel);
  if (view.submit) buttons.append(element("button", "button primary", view.submit.text));
  form.append(buttons);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void act({ act: "submit", view: held.id, values: readValues(form) });
  });
  return element("div", "shade", form);
}

async function click(message, button) {
  await act({
    act: "click",
    ts: message.ts,
    actionId: button.action_id,
    ...(button.value === undefined ? {} : { value: button.value }),
  });
}

async function act(what) {
  const answer = await fetch("/page/act", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ as: here.as, ...what }),
  });
  const text = await answer.text();
  if (!answer.ok) return toast(text);
  if (JSON.parse(text).outcome === "dispatch_failed")
    toast("sealwatch did not answer within 3 seconds (dispatch_failed)");
}

function toast(text) {
  byId("toast").textContent = text;
  byId("toast").hidden = false;
  setTimeout(() => (byId("toast").hidden = true), 5000);
}

function names() {
  return Object.fromEntries(here.state.users.map((user) => [user.id, user.name]));
}

function avatar(name) {
  const node = element("span", "avatar", name.slice(0, 1).toUpperCase());
  const hue = [...name].reduce((sum, character) => (sum * 31 + character.codePointAt(0)) % 360, 7);
  node.style.setProperty("--hue", String(hue));
  return node;
}

function clockTime(ts) {
  return new Date(Number(ts) * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

function remember() {
  const query = new URLSearchParams({ as: here.as, ...(here.thread === undefined ? {} : { thread: here.thread }) });
  history.replaceState(undefined, "", `?${query}`);
}

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const [, command, text = ""] = /^(\/\S+)\s*(.*)$/u.exec(byId("line").value.trim()) ?? [];
  if (command === undefined) return toast("Only slash commands do something here: type for instance /vault status");
  byId("line").value = "";
  void act({ act: "slash", command, text });
});
byId("close-thread").addEventListener("click", () => {
  here.thread = undefined;
  remember();
  drawThread();
});
for (const hint of HINTS) {
  const button = element("button", "hint-button", hint);
  button.type = "button";
  button.addEventListener("click", () => {
    byId("line").value = hint;
    byId("line").focus();
  });
  byId("hints").append(button);
}
new EventSource("/page/events").addEventListener("message", () => void refresh());
void refresh();
