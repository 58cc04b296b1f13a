import express, { type Router } from "express";
import { createLateHandler, type LateHandler } from "../slack/transport/late-handler.ts";

/** SlackRouter takes what Slack posts. The server listens before the bot is there; until then Slack is told to come again. */
export type SlackRouter = Pick<LateHandler, "become"> & { readonly router: Router };

/** Where Slack posts to: one address for commands, clicks, forms and events. */
export const SLACK_PATH = "/slack/events";

/** Makes the router of `POST /slack/events`. It reads no body: the signature covers the bytes as they came. */
export function createSlackRouter(): SlackRouter {
  const { handle, become } = createLateHandler();
  const router = express.Router();
  router.post(SLACK_PATH, (request, response) => void handle(request, response));
  return { router, become };
}
