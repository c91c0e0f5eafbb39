import { as, type Place } from "./release";

/** Accepts a feedback item as the role to which it goes; what is accepted already stays so. */
export async function answer(
  place: Place,
  given: { readonly role: "R3" | "R4"; readonly number: number; readonly comment: string },
): Promise<void> {
  const { projectId } = place;
  const api = as(place, given.role);
  const item = await api.feedback.get.query({ projectId, number: given.number });
  if (item.state !== "open") return;
  await api.feedback.answer.mutate({ projectId, itemId: item.id, answer: "accept", comment: given.comment });
}
