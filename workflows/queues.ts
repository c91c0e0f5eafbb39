/** Steps of pipelines take a machine's capacity, so they have a queue of their own beside the one for workflows and short work. */
export function stepQueueOf(taskQueue: string): string {
  return `${taskQueue}-steps`;
}
