import { z } from "zod";

/** BaseUrl is an http(s) address without user, password, query or fragment: those may hold secrets, and addresses are shown in errors. */
export const BaseUrl = z.url({ protocol: /^https?$/u }).refine((text) => {
  if (!URL.canParse(text)) return false;
  const { username, password, search, hash } = new URL(text);
  return username === "" && password === "" && search === "" && hash === "";
}, "an address without user, password and query: they would be shown in errors");
