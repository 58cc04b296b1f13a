import { deleteMessage, getPermalink, updateMessage } from "./chat-edit.ts";
import { postEphemeral, postMessage } from "./chat-post.ts";
import { history, info, members, open, ownConversations, replies } from "./conversations.ts";
import { completeUpload, fileInfo, getUploadUrl } from "./files.ts";
import { ok, type Method } from "./method.ts";
import { listUserGroups, listUsersOfGroup } from "./user-groups.ts";
import { userInfo } from "./users.ts";
import { openView, publishView, pushView, updateView } from "./views.ts";

const authTest: Method = ({ app, base }, _args, token) =>
  ok({
    url: `${base()}/`,
    team: app.teamName,
    team_id: app.teamId,
    ...(app.enterpriseId === undefined ? {} : { enterprise_id: app.enterpriseId }),
    ...(token === "bot" ? { user: "sealwatch", user_id: app.userId, bot_id: app.botId } : TOKEN_OWNER),
    is_enterprise_install: false,
  });

/** Who gave the app the token with which it deletes what people wrote. */
const TOKEN_OWNER = { user: "workspace-owner", user_id: "U0OWNER" };

const openConnection: Method = ({ ticket }) => ok({ url: ticket() });

/** Every Web API method that the stand-in has; any other gives `unknown_method`. */
export const METHODS: Readonly<Record<string, Method>> = {
  "apps.connections.open": openConnection,
  "auth.test": authTest,
  "chat.delete": deleteMessage,
  "chat.getPermalink": getPermalink,
  "chat.postEphemeral": postEphemeral,
  "chat.postMessage": postMessage,
  "chat.update": updateMessage,
  "conversations.history": history,
  "conversations.info": info,
  "conversations.members": members,
  "conversations.open": open,
  "conversations.replies": replies,
  "files.completeUploadExternal": completeUpload,
  "files.info": fileInfo,
  "files.getUploadURLExternal": getUploadUrl,
  "usergroups.list": listUserGroups,
  "usergroups.users.list": listUsersOfGroup,
  "users.conversations": ownConversations,
  "users.info": userInfo,
  "views.open": openView,
  "views.publish": publishView,
  "views.push": pushView,
  "views.update": updateView,
};
