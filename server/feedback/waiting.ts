import { and, asc, eq, inArray } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { feedbackItems } from "@/db/schema/feedback";
import { answerRefusal } from "@/domain/feedback/arrows";
import type { Role } from "@/domain/identity/roles";

type MyProject = { readonly id: string; readonly slug: string; readonly name: string; readonly roles: readonly Role[] };

const MOST = 50;

/** Open items that a person's roles let them answer, over their projects, the nearest due time first. */
export async function itemsToAnswer(db: Executor, mine: readonly MyProject[]) {
  if (mine.length === 0) return [];
  const rows = await db
    .select({
      id: feedbackItems.id,
      projectId: feedbackItems.projectId,
      number: feedbackItems.number,
      kind: feedbackItems.kind,
      title: feedbackItems.title,
      dueAt: feedbackItems.dueAt,
    })
    .from(feedbackItems)
    .where(
      and(
        eq(feedbackItems.state, "open"),
        inArray(
          feedbackItems.projectId,
          mine.map((project) => project.id),
        ),
      ),
    )
    .orderBy(asc(feedbackItems.dueAt));
  return rows
    .flatMap(({ projectId, ...item }) => {
      const project = mine.find((each) => each.id === projectId);
      if (!project || answerRefusal(item.kind, project.roles) !== null) return [];
      return [{ ...item, project: { slug: project.slug, name: project.name } }];
    })
    .slice(0, MOST);
}
