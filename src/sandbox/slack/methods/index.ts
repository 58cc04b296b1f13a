import { textAt } from "../part.ts";
import { getPermalink, postEphemeral, postMessage, updateMessage } from "./chat.ts";
import { history, info, replies } from "./conversations.ts";
import { ok, refuse, type Method } from "./method.ts";
import { openView, publishView, updateView } from "./views.ts";

const authTest: Method = ({ app, base }) =>
  ok({
    url: `${base()}/`,
    team: app.teamName,
    team_id: app.teamId,
    user: "sealwatch",
    user_id: app.userId,
    bot_id: app.botId,
  });

const userInfo: Method = ({ workspace, app }, args) => {
  const user = workspace.users.find((held) => held.id === textAt(args, "user"));
  if (user === undefined) return refuse("user_not_found");
  return ok({
    user: { id: user.id, team_id: app.teamId, name: user.name, real_name: user.name, deleted: false, is_bot: false },
  });
};

const openConnection: Method = ({ base }) => ok({ url: `${base().replace("http:", "ws:")}/socket` });

/** Every Web API method that the stand-in has; any other gives `unknown_method`. */
export const METHODS: Readonly<Record<string, Method>> = {
  "apps.connections.open": openConnection,
  "auth.test": authTest,
  "chat.getPermalink": getPermalink,
  "chat.postEphemeral": postEphemeral,
  "chat.postMessage": postMessage,
  "chat.update": updateMessage,
  "conversations.history": history,
  "conversations.info": info,
  "conversations.replies": replies,
  "users.info": userInfo,
  "views.open": openView,
  "views.publish": publishView,
  "views.update": updateView,
};
