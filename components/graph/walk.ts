import type { DagEdge, Place } from "./types";

/** The node that an arrow key leads to: right and left along the edges, up and down in the same layer; null where there is none. */
export function neighbourOf(
  key: string,
  from: string,
  places: ReadonlyMap<string, Place>,
  edges: readonly DagEdge[],
): string | null {
  const here = places.get(from);
  if (!here) return null;
  const candidates = candidatesFor(key, from, edges, places).filter((id) => id !== from);
  let best: string | null = null;
  let shortest = Number.POSITIVE_INFINITY;
  for (const id of candidates) {
    const place = places.get(id);
    if (!place) continue;
    const isOnSide = key === "ArrowUp" ? place.y < here.y : key === "ArrowDown" ? place.y > here.y : true;
    const distance = Math.hypot(place.x - here.x, place.y - here.y);
    if (isOnSide && distance < shortest) {
      best = id;
      shortest = distance;
    }
  }
  return best;
}

function candidatesFor(
  key: string,
  from: string,
  edges: readonly DagEdge[],
  places: ReadonlyMap<string, Place>,
): string[] {
  if (key === "ArrowRight") return edges.filter((edge) => edge.from === from).map((edge) => edge.to);
  if (key === "ArrowLeft") return edges.filter((edge) => edge.to === from).map((edge) => edge.from);
  if (key === "ArrowUp" || key === "ArrowDown") return [...places.keys()];
  return [];
}
