import fc from "fast-check";
import { expect, test } from "vitest";
import { mentionedIn, mentionPieces } from "./mentions";

const members = [
  { userId: "ravi", name: "Ravi Patel" },
  { userId: "rav", name: "Ravi" },
  { userId: "tomas", name: "Tomás Vidal" },
];

test("members are found by their name, the longest first, in any case", () => {
  expect(mentionedIn("@Ravi Patel enough?", members)).toEqual(["ravi"]);
  expect(mentionedIn("@ravi, and @tomás vidal: look", members)).toEqual(["rav", "tomas"]);
  expect(mentionedIn("@Ravi Patel and again @Ravi Patel", members)).toEqual(["ravi"]);
});

test("an address, a longer name and a stranger are no mentions", () => {
  expect(mentionedIn("write to me@Ravi.example", members)).toEqual([]);
  expect(mentionedIn("@Ravindra", members)).toEqual([]);
  expect(mentionedIn("@Nobody @", members)).toEqual([]);
});

test("the pieces are the text", () => {
  expect(mentionPieces("Hi @Ravi!", members)).toEqual([
    { text: "Hi ", userId: null },
    { text: "@Ravi", userId: "rav" },
    { text: "!", userId: null },
  ]);
  const words = fc
    .array(fc.constantFrom("@", "Ravi", " ", "Patel", "é", "x", "@Tomás Vidal", "\n"))
    .map((all) => all.join(""));
  fc.assert(
    fc.property(words, (text) => {
      expect(
        mentionPieces(text, members)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(text);
    }),
  );
});
