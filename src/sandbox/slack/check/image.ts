import { LIMITS } from "../limits.ts";
import { isPart, type Part } from "../part.ts";
import { needed, object, pattern, text, type Check, type Field, type Look } from "./shape.ts";

const slackFile: Check = object(
  { id: pattern(/^F[A-Z0-9]{8,}$/u, "a file id"), url: pattern(/^https?:\/\//u, "a web address") },
  (file, at, look) => {
    const { id, url } = file as { readonly id?: string; readonly url?: string };
    if ((id === undefined) === (url === undefined)) look.report(at, "must have either id or url");
    if (id !== undefined) checkFile(id, at, look);
  },
);

/** Only a picture that was uploaded to the end, and that Slack has looked at since, can be shown. */
function checkFile(id: string, at: string, { files, report }: Look): void {
  if (files === undefined) return;
  const found = files.find((file) => file.id === id);
  if (found === undefined || !found.ready || !/\.(?:png|jpe?g|gif)$/iu.test(found.name))
    report(at, "invalid slack file");
}

/** The fields of everything that shows a picture. */
export const IMAGE_FIELDS: Readonly<Record<string, Field>> = {
  type: needed(text(20)),
  image_url: pattern(/^https?:\/\/\S{1,2990}$/u, "a web address"),
  slack_file: slackFile,
  alt_text: needed(text(LIMITS.image.altText)),
};

/** Checks that a picture comes from one place. */
export const oneSource: Check = (value, at, { report }) => {
  const image: Part = isPart(value) ? value : {};
  if ((image["image_url"] === undefined) === (image["slack_file"] === undefined))
    report(at, "must have either image_url or slack_file");
};

/** Checks a picture inside a block. */
export const imageElement: Check = object(IMAGE_FIELDS, oneSource);
