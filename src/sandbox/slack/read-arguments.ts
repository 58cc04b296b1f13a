import { isPart, type Part } from "./part.ts";

const JSON_FIELDS = new Set(["blocks", "view", "metadata", "attachments", "files"]);

/** Reads the arguments of a Web API call: a form, of which some fields hold JSON, or a JSON body. */
export function readArguments(body: string, contentType: string): Part {
  if (contentType.startsWith("application/json")) {
    const parsed = parseJson(body);
    return isPart(parsed) ? parsed : {};
  }
  const fields = [...new URLSearchParams(body)].map(([key, value]): [string, unknown] => [
    key,
    JSON_FIELDS.has(key) ? parseJson(value) : value,
  ]);
  return Object.fromEntries(fields);
}

/** What is no JSON stays text, and the method's check refuses it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
