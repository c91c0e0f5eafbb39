import { mentionPieces } from "@/domain/reviews/mentions";
import type { Review } from "./words";

/** A comment's text with the members whom it mentions marked. */
export function CommentBody({ text, members }: { text: string; members: Review["members"] }) {
  let at = 0;
  const pieces = mentionPieces(text, members).map((piece) => {
    const key = at;
    at += piece.text.length;
    return { ...piece, key };
  });
  return (
    <p className="text-sm break-words whitespace-pre-wrap">
      {pieces.map((piece) =>
        piece.userId === null ? (
          piece.text
        ) : (
          <span key={piece.key} className="font-medium text-accent">
            {piece.text}
          </span>
        ),
      )}
    </p>
  );
}
