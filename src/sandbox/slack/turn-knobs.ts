import type { SocketMode } from "./delivery/socket-mode.ts";
import type { PeopleContext } from "./people/people-context.ts";
import type { Router } from "./router.ts";
import type { SlackStandIn } from "./stand-in-types.ts";
import type { WebApi } from "./web-api.ts";
import { whenThere } from "./when-there.ts";
import { removeMessage, replaceItem, type Workspace } from "./workspace.ts";

/** What a stand-in's reads and knobs work on. */
export type Insides = {
  readonly people: PeopleContext;
  readonly api: WebApi;
  readonly sockets: SocketMode;
  readonly router: Router;
};

type Own = "apiUrl" | "pageUrl" | "as" | "event" | "sign" | typeof Symbol.asyncDispose;

/** Makes everything of a stand-in that reads what there is or changes how it behaves. */
export function turnKnobs(insides: Insides): Omit<SlackStandIn, Own> {
  const { workspace } = insides.people;
  return { ...reads(workspace), ...waits(workspace), ...wires(insides), ...administration(workspace) };
}

type Reads = "messages" | "deleted" | "ephemerals" | "views" | "homes" | "files" | "calls" | "payloads";

function reads(workspace: Workspace): Pick<SlackStandIn, Reads> {
  return {
    messages: () => [...workspace.messages],
    deleted: () => [...workspace.deleted],
    ephemerals: (userId) => workspace.ephemerals.filter((ephemeral) => ephemeral.userId === userId),
    views: (userId) => workspace.views.filter((view) => view.userId === userId),
    homes: (userId) => workspace.homes.get(userId)?.view,
    files: () => [...workspace.files],
    calls: () => [...workspace.calls],
    payloads: () => [...workspace.payloads],
  };
}

type Waits = "waitForMessage" | "waitForEphemeral" | "waitForView" | "waitForHome";
const WAIT_MS = 10_000;

function waits(workspace: Workspace): Pick<SlackStandIn, Waits> {
  const { messages, ephemerals, views, homes } = workspace;
  return {
    waitForMessage: async (fits, timeoutMs = WAIT_MS) =>
      await whenThere(workspace, () => messages.findLast(fits), timeoutMs),
    waitForEphemeral: async (userId, fits, timeoutMs = WAIT_MS) =>
      await whenThere(workspace, () => ephemerals.findLast((held) => held.userId === userId && fits(held)), timeoutMs),
    waitForView: async (userId, callbackId, timeoutMs = WAIT_MS) =>
      await whenThere(
        workspace,
        () => views.findLast((held) => held.userId === userId && held.view["callback_id"] === callbackId),
        timeoutMs,
      ),
    waitForHome: async (userId, fits, timeoutMs = WAIT_MS) =>
      await whenThere(
        workspace,
        () => {
          const view = homes.get(userId)?.view;
          return view !== undefined && fits(view) ? view : undefined;
        },
        timeoutMs,
      ),
  };
}

type AdminKnobs = "deleteMessage" | "changeUser" | "setUserGroup" | "setChannel";

function administration(workspace: Workspace): Pick<SlackStandIn, AdminKnobs> {
  const put = <T extends { readonly id: string }>(list: T[], item: T): void => {
    const old = list.find(({ id }) => id === item.id);
    if (old === undefined) list.push(item);
    else replaceItem(list, old, item);
    workspace.changed();
  };
  return {
    deleteMessage: (ts) => {
      const message = workspace.messages.find((held) => held.ts === ts);
      if (message === undefined) throw new Error(`cannot delete message ${ts}: there is none`);
      removeMessage(workspace, message, "person");
    },
    changeUser: (userId, change) => {
      const user = workspace.users.find(({ id }) => id === userId);
      if (user === undefined) throw new Error(`cannot change ${userId}: no such user in the stand-in`);
      put(workspace.users, { ...user, ...change });
    },
    setUserGroup: (group) => put(workspace.userGroups, group),
    setChannel: (channel) => put(workspace.channels, channel),
  };
}

type Wires = Exclude<keyof Omit<SlackStandIn, Own>, Reads | Waits | AdminKnobs>;

function wires({ people, api, sockets, router }: Insides): Pick<SlackStandIn, Wires> {
  const { courier, events } = people;
  const away = (on: boolean): void => {
    router.refuse(on);
    courier.cut(on);
    sockets.refuse(on);
    if (on) sockets.dropAll();
    people.workspace.changed();
  };
  return {
    http: courier.http,
    socket: courier.socket,
    verifyUrl: courier.verifyUrl,
    replayLast: courier.replayLast,
    lastRequest: courier.lastRequest,
    deliverTwice: courier.deliverTwice,
    redeliver: events.redeliver,
    undelivered: events.waiting,
    connections: sockets.connections,
    warnAll: sockets.warnAll,
    disconnectAll: sockets.disconnectAll,
    dropAll: sockets.dropAll,
    freeze: sockets.freeze,
    thaw: sockets.thaw,
    mute: sockets.mute,
    unmute: sockets.unmute,
    down: () => away(true),
    up: () => away(false),
    holdFiles: (on) => holdFiles(people.workspace, on),
    failNext: api.faults.failNext,
    tighten: api.rates.tighten,
  };
}

function holdFiles(workspace: Workspace, on: boolean): void {
  workspace.filesHeld = on;
  if (on) return;
  for (const file of workspace.files) replaceItem(workspace.files, file, { ...file, ready: true });
}
