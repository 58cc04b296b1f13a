/* The page of the stand-in: reads the state after every change and draws it anew. */
import { drawBlocks } from "./blocks.js";
import { avatar, button, element } from "./dom.js";
import { fill } from "./messages.js";
import { drawModal } from "./modal.js";
import { createShell, here, remember } from "./shell.js";

const byId = (id) => document.getElementById(id);
const HINTS = ["/vault help", "/vault status", "/vault runbook", "/vault runs"];
const shell = createShell({ draw, toast, openThread });

let asked = 0;

async function refresh() {
  const turn = ++asked;
  const answer = await fetch(`/page/state?as=${encodeURIComponent(here.as)}`);
  const state = await answer.json();
  // An older answer must not overwrite a newer one.
  if (turn !== asked) return;
  here.state = state;
  if (!state.users.some((user) => user.id === here.as)) {
    here.as = state.users[0].id;
    return refresh();
  }
  if (here.channel !== "home" && !state.channels.some(({ id }) => id === here.channel)) here.channel = state.channel.id;
  draw();
}

function draw() {
  const { state } = here;
  byId("team").textContent = state.team;
  byId("bot-state").textContent = state.connected ? "sealwatch is connected" : "sealwatch is not connected";
  byId("bot-state").className = state.connected ? "connected" : "disconnected";
  byId("title").replaceChildren(...titleOf(state));
  document.body.classList.toggle("in-home", here.channel === "home");
  drawSide();
  drawMain();
  drawThread();
  drawModal(byId("modal-place"), state.views.at(-1), shell);
}

function titleOf(state) {
  if (here.channel === "home") return [avatar("sealwatch", true), "sealwatch"];
  const channel = state.channels.find(({ id }) => id === here.channel);
  return channel.im ? [avatar("sealwatch", true), "sealwatch"] : [element("span", "hash", "#"), channel.name];
}

function drawSide() {
  const { state } = here;
  const entry = (id, label, sign) => {
    const node = button(id === here.channel ? "place current" : "place", [sign, label], () => {
      goTo(id);
      if (id === "home") void shell.act({ act: "home" });
    });
    return element("li", "", node);
  };
  const rooms = state.channels.filter(({ im }) => im === undefined);
  byId("channels").replaceChildren(...rooms.map(({ id, name }) => entry(id, name, element("span", "hash", "#"))));
  const direct = state.channels.find(({ im }) => im !== undefined);
  byId("apps").replaceChildren(
    entry("home", "sealwatch", avatar("sealwatch", true)),
    ...(direct ? [entry(direct.id, "Messages", element("span", "hash", "✉"))] : []),
  );
  byId("people").replaceChildren(
    ...state.users.map((user) =>
      element(
        "li",
        "",
        button(user.id === here.as ? "place current" : "place", [avatar(user.name), user.name], () => {
          here.as = user.id;
          if (here.channel?.startsWith("D")) here.channel = undefined;
          remember();
          document.body.classList.remove("side-open");
          void refresh();
        }),
      ),
    ),
  );
}

function goTo(channel) {
  here.channel = channel;
  here.thread = undefined;
  remember();
  document.body.classList.remove("side-open");
  draw();
  byId("channel").scrollTop = byId("channel").scrollHeight;
}

function drawMain() {
  const { state } = here;
  const isHome = here.channel === "home";
  byId("home").hidden = !isHome;
  byId("channel").hidden = isHome;
  byId("composer").hidden = isHome;
  byId("hints").hidden = isHome;
  if (isHome) return drawHome(state.home);
  const me = state.users.find((user) => user.id === here.as);
  byId("line").placeholder = `Message or command as ${me.name}, for instance /vault status`;
  const inPlace = ({ channel }) => channel === here.channel;
  const roots = state.messages.filter((message) => message.threadTs === undefined || message.broadcast);
  const alone = state.ephemerals.filter((held) => held.threadTs === undefined).map(asEphemeral);
  fill(byId("channel"), [...roots, ...alone].filter(inPlace), shell, false);
}

let homeShown;

function drawHome(home) {
  const version = home === null ? "none" : `${home.id} ${home.hash}`;
  if (version === homeShown) return;
  homeShown = version;
  const nothing = element("p", "hint", "sealwatch has published nothing here yet.");
  byId("home").replaceChildren(home === null ? nothing : drawBlocks(home.view.blocks, shell.contextOf("home")));
}

function drawThread() {
  const { messages, ephemerals } = here.state;
  const thread = messages.filter((message) => message.ts === here.thread || message.threadTs === here.thread);
  const isOpen = here.thread !== undefined && thread.length > 0;
  byId("thread").hidden = !isOpen;
  document.body.classList.toggle("thread-open", isOpen);
  if (!isOpen) return;
  const alone = ephemerals.filter((held) => held.threadTs === here.thread).map(asEphemeral);
  fill(byId("replies"), [...thread, ...alone], shell, true);
}

function openThread(root) {
  here.thread = root;
  remember();
  drawThread();
  byId("replies").scrollTop = byId("replies").scrollHeight;
}

function asEphemeral(held) {
  return { ...held, ephemeral: true };
}

function toast(text) {
  byId("toast").textContent = text;
  byId("toast").hidden = false;
  setTimeout(() => (byId("toast").hidden = true), 5000);
}

function send(field, threadTs) {
  const text = field.value.trim();
  if (text === "") return;
  field.value = "";
  const [, command, rest = ""] = /^(\/\S+)\s*(.*)$/su.exec(text) ?? [];
  if (command !== undefined && threadTs !== undefined) {
    field.value = text;
    return toast("Slack has no commands in threads; type it in the channel.");
  }
  const { channel } = here;
  if (command !== undefined) return void shell.act({ act: "slash", command, text: rest, channel });
  void shell.act({ act: "say", text, channel, ...(threadTs === undefined ? {} : { threadTs }) });
}

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send(byId("line"));
});
byId("thread-composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send(byId("thread-line"), here.thread);
});
byId("close-thread").addEventListener("click", () => {
  here.thread = undefined;
  remember();
  drawThread();
});
byId("open-side").addEventListener("click", () => document.body.classList.toggle("side-open"));
for (const hint of HINTS)
  byId("hints").append(
    button("hint-button", hint, () => {
      byId("line").value = hint;
      byId("line").focus();
    }),
  );
new EventSource("/page/events").addEventListener("message", () => void refresh());
await refresh();
if (here.channel === "home") void shell.act({ act: "home" });
