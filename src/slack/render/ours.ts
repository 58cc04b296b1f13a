/** What we send at most; below Slack's own limits (src/sandbox/slack/limits.ts) so that nothing is ever refused. Lengths are in UTF-16 units. */
export const OURS = {
  blocks: 45,
  section: 2900,
  fields: 10,
  field: 1900,
  header: 150,
  contextElements: 10,
  context: 2000,
  buttons: 25,
  label: 1000,
  buttonText: 75,
  buttonValue: 2000,
  url: 3000,
  id: 255,
  confirm: { title: 100, text: 300, button: 30 },
  select: { options: 100, text: 75, value: 75, placeholder: 150 },
  overflow: 5,
  choices: 10,
  typed: 3000,
  imageText: 1900,
  markdown: 9000,
  richText: 2900,
  table: { rows: 100, columns: 20, cell: 500 },
  /** Slack says no limits of these; they are what a phone can show. */
  plan: { title: 150, tasks: 40 },
  /** Text of all blocks; Slack's own, undocumented limit is near 12,000. */
  textSum: 10_000,
  /** Bytes of the blocks as JSON; 17,700 were refused once. */
  json: 14_000,
  /** Bytes of UTF-8, because `chat.update` refuses more than 4,000. */
  fallbackBytes: 3000,
  viewBlocks: 100,
  viewTitle: 24,
  /** Bytes of a view's blocks; Slack takes 250,000 for the whole view. */
  viewJson: 200_000,
  errorText: 500,
} as const;
