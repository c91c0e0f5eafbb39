export type Mentionable = { readonly userId: string; readonly name: string };

const isWordCharacter = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}_]/u.test(character);

/** A text in pieces: plain, or a member who is mentioned as "@Ravi Patel". The longest name that fits wins. */
export type MentionPiece = { readonly text: string; readonly userId: string | null };

/**
 * Splits a text at its mentions. An e-mail address is none: a letter or digit stands before its "@". Names are compared
 * without regard to case.
 */
export function mentionPieces(text: string, members: readonly Mentionable[]): readonly MentionPiece[] {
  const byLength = [...members].sort((a, b) => b.name.length - a.name.length);
  const pieces: { text: string; userId: string | null }[] = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const isStart = text[at] === "@" && !isWordCharacter(text[at - 1]);
    const found = isStart
      ? byLength.find(({ name }) => {
          const end = at + 1 + name.length;
          return (
            name !== "" && text.slice(at + 1, end).toLowerCase() === name.toLowerCase() && !isWordCharacter(text[end])
          );
        })
      : undefined;
    if (found) {
      if (plain) pieces.push({ text: plain, userId: null });
      plain = "";
      pieces.push({ text: text.slice(at, at + 1 + found.name.length), userId: found.userId });
      at += 1 + found.name.length;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  if (plain) pieces.push({ text: plain, userId: null });
  return pieces;
}

/** The members whom a text mentions, each once. */
export function mentionedIn(text: string, members: readonly Mentionable[]): readonly string[] {
  return [...new Set(mentionPieces(text, members).flatMap(({ userId }) => (userId ? [userId] : [])))];
}
