/** Writes a number for people: whole, and one digit behind the point below ten. */
export function whole(value: number): string {
  return Math.abs(value) < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}
