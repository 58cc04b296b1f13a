import { getPermalink, postEphemeral, postMessage, updateMessage } from "./chat.ts";
import { history, info, replies } from "./conversations.ts";
import { ok, type Method } from "./method.ts";
import { listUserGroups, listUsersOfGroup } from "./user-groups.ts";
import { userInfo } from "./users.ts";
import { openView, publishView, updateView } from "./views.ts";

const authTest: Method = ({ app, base }) =>
  ok({
    url: `${base()}/`,
    team: app.teamName,
    team_id: app.teamId,
    ...(app.enterpriseId === undefined ? {} : { enterprise_id: app.enterpriseId }),
    user: "sealwatch",
    user_id: app.userId,
    bot_id: app.botId,
  });

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
  "usergroups.list": listUserGroups,
  "usergroups.users.list": listUsersOfGroup,
  "users.info": userInfo,
  "views.open": openView,
  "views.publish": publishView,
  "views.update": updateView,
};
