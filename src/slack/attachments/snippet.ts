/** Slack's limit of a snippet. */
const MOST_BYTES = 1_000_000;

/** Makes the bytes of a text file that Slack shows as a snippet; what is too long is cut between lines, and says so. */
export function snippet(text: string): Uint8Array {
  const encoder = new TextEncoder();
  const bytes = encoder.encode(text === "" ? "(empty)" : text);
  if (bytes.byteLength <= MOST_BYTES) return bytes;
  const note = encoder.encode(`\n… cut here: ${bytes.byteLength} bytes in all\n`);
  const room = MOST_BYTES - note.byteLength;
  const lineEnd = bytes.subarray(0, room).lastIndexOf(0x0a);
  // Without a line end near by, between two characters: the later bytes of a character begin with 10.
  let end = lineEnd > room - 10_000 ? lineEnd : room;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  const cut = new Uint8Array(end + note.byteLength);
  cut.set(bytes.subarray(0, end));
  cut.set(note, end);
  return cut;
}
